package main

import (
	"bytes"
	"fmt"
	"strings"
	"text/tabwriter"
	"time"

	"clock"
	"clock/bench/plan"
)

const planLegend = `
CAPACITY is the most clients that a box holds, with its 95 % interval, and BINDS
what keeps it from more. One of the BOXES may fail: what follows is of another one
then, and RECONNECT is how long it takes until all have their lines again.
`

// planTable returns the plan, for people.
func planTable(p plan.Plan) []byte {
	var b bytes.Buffer
	t := p.Target
	fmt.Fprintf(&b, "%d clients, a line every %v, %s; boxes of %d cores and %s, filled to %.3g%%\n\n",
		t.Clients, t.Interval, showSLO(t.SLO), t.Box.Cores, showBytes(t.Box.Memory), 100*t.Headroom)
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "SERVER\tCAPACITY\tBINDS\tBOXES\tCLIENTS\tCORES\tMEMORY\tLAG OR JITTER\tRECONNECT\tNOTES")
	for _, r := range p.Rows {
		if r.Unmet != "" {
			fmt.Fprintf(w, "%s\t%d\t%s\t-\t-\t-\t-\t-\t-\tcannot: %s\n", r.Server, r.Capacity.Best, r.Binds, r.Unmet)
			continue
		}
		cells := []string{r.Server, showCount(r.Capacity), r.Binds, fmt.Sprint(r.Boxes), fmt.Sprint(r.Clients),
			fmt.Sprintf("%.2f", r.Cores.Mean), showBytes(r.Memory.Mean), showDelays(t.SLO, r), showReconnect(r)}
		fmt.Fprintln(w, strings.Join(append(cells, notes(r)...), "\t"))
	}
	w.Flush()
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

// showCount shows a capacity and, where it is an estimate, its interval.
func showCount(c plan.Count) string {
	if c.Low == c.High {
		return fmt.Sprint(c.Best)
	}
	return fmt.Sprintf("%d (%d-%d)", c.Best, c.Low, c.High)
}

func showSLO(bounds []plan.Bound) string {
	var parts []string
	for _, b := range bounds {
		parts = append(parts, fmt.Sprintf("%s at most %v", b, b.Limit))
	}
	return strings.Join(parts, ", ")
}

// showDelays shows the percentiles that the SLO bounds.
func showDelays(bounds []plan.Bound, r plan.Row) string {
	measure := "jitter"
	if r.Ticker == clock.Shared {
		measure = "lag"
	}
	var parts []string
	for i, b := range bounds {
		parts = append(parts, fmt.Sprintf("%s %v", b, inSeconds(r.Delays[i].Mean)))
	}
	return measure + " " + strings.Join(parts, ", ")
}

func showReconnect(r plan.Row) string {
	if r.Reconnect.Mean == 0 {
		return "unknown"
	}
	return inSeconds(r.Reconnect.Mean).String()
}

// inSeconds rounds a time in seconds to three digits.
func inSeconds(s float64) time.Duration { return brief(time.Duration(s * float64(time.Second))) }

// showBytes shows memory in the unit that suits it.
func showBytes(n float64) string {
	shown := fmt.Sprintf("%.0fB", n)
	for _, unit := range []struct {
		name string
		size float64
	}{{"KiB", 1 << 10}, {"MiB", 1 << 20}, {"GiB", 1 << 30}, {"TiB", 1 << 40}} {
		if n >= unit.size {
			shown = fmt.Sprintf("%.3g%s", n/unit.size, unit.name)
		}
	}
	return shown
}

// notes is the last cell of a row, if it needs one.
func notes(r plan.Row) []string {
	var list []string
	if r.Extrapolated {
		list = append(list, "extrapolated")
	}
	if r.Alike != "" {
		list = append(list, "capacity: no measurable difference to "+r.Alike)
	}
	if len(list) == 0 {
		return nil
	}
	return []string{strings.Join(list, "; ")}
}
