package clock_test

import (
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// imports are the packages of this module that each may import: they all point
// one way, from the commands over the benchmarks and the engines to the protocol.
// The engines never import each other, and the raw data knows nothing of the
// model. The commands may import any.
var imports = map[string][]string{
	"clock":                       {},
	"clock/address":               {},
	"clock/accept":                {"clock", "clock/address"},
	"clock/goroutine":             {"clock", "clock/accept"},
	"clock/eventloop":             {"clock", "clock/accept"},
	"clock/engine":                {"clock", "clock/goroutine", "clock/eventloop"},
	"clock/admin":                 {"clock", "clock/accept"},
	"clock/clocktest":             {"clock", "clock/accept"},
	"clock/internal/slowtest":     {},
	"clock/bench/estimate":        {},
	"clock/bench/output":          {},
	"clock/bench/slo":             {"clock"},
	"clock/bench/floor":           {"clock"},
	"clock/bench/load":            {"clock", "clock/address", "clock/bench/slo"},
	"clock/bench/record":          {"clock", "clock/bench/load", "clock/bench/slo"},
	"clock/bench/plan":            {"clock", "clock/bench/estimate", "clock/bench/slo"},
	"clock/bench/plan/measured":   {"clock/bench/load", "clock/bench/plan", "clock/bench/record", "clock/bench/slo"},
	"clock/bench/explorer/answer": {"clock/bench/plan", "clock/bench/slo"},
	"clock/bench/explorer":        {"clock/bench/explorer/answer", "clock/bench/plan", "clock/bench/slo"},
	"clock/bench/report": {"clock", "clock/bench/estimate", "clock/bench/load", "clock/bench/output", "clock/bench/plan",
		"clock/bench/plan/measured", "clock/bench/record", "clock/bench/slo"},
	"clock/bench": {"clock", "clock/accept", "clock/engine", "clock/bench/estimate", "clock/bench/floor", "clock/bench/load",
		"clock/bench/record", "clock/bench/slo"},
}

func TestImportsRunOneWay(t *testing.T) {
	out, err := exec.CommandContext(t.Context(), "go", "list", "-f", "{{.ImportPath}} {{join .Imports \" \"}}", "./...").Output()
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(out)) {
		words := strings.Fields(line)
		name, imported := words[0], words[1:]
		if strings.HasPrefix(name, "clock/cmd/") {
			continue
		}
		allowed, known := imports[name]
		if !known {
			t.Errorf("%s is a new package: say here what it may import", name)
		}
		for _, other := range imported {
			if ours := other == "clock" || strings.HasPrefix(other, "clock/"); ours && !slices.Contains(allowed, other) {
				t.Errorf("%s imports %s", name, other)
			}
		}
	}
}
