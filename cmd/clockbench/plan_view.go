package main

import (
	"bytes"
	"fmt"
	"strings"

	"clock/bench/plan"
	"clock/cmd/internal/terminal"
)

const planLegend = `
CAPACITY is the most clients that a box holds, with its 95 % interval, and BINDS
what keeps it from more. One of the BOXES may fail: what follows is of another one
then, and RECONNECT is how long it takes until all have their lines again.
`

// planTable returns the plan, for people.
func planTable(p plan.Plan) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "%s\n\n", p.Heading())
	var header []string
	for _, c := range plan.Columns {
		header = append(header, strings.ToUpper(c))
	}
	rows := [][]string{header}
	for _, row := range p.Table() {
		rows = append(rows, row[:])
	}
	for _, line := range terminal.Align(rows) {
		fmt.Fprintln(&b, line)
	}
	if !p.Met() {
		return b.Bytes()
	}
	fmt.Fprintf(&b, "%s\nAssumed:\n", planLegend)
	for _, a := range p.Assumptions {
		fmt.Fprintf(&b, "- %s\n", a)
	}
	fmt.Fprintf(&b, "\n%s\n", p.Recommendation)
	return b.Bytes()
}
