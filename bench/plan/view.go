package plan

import (
	"fmt"
	"strings"

	"clock/bench/slo"
)

// Heading says in a line what the plan is for.
func (p Plan) Heading() string {
	t := p.Target
	return fmt.Sprintf("%s, a line every %v, %s; boxes of %s and %s, filled to %.3g%%",
		plural(t.Clients, "client"), t.Interval, t.SLO.Show(), plural(t.Box.Cores, "core"), showBytes(t.Box.Memory), 100*t.Headroom)
}

// Columns are the headings of [Plan.Table].
var Columns = [...]string{"server", "capacity", "binds", "boxes", "clients", "cores", "memory", "lag or jitter", "reconnect", "notes"}

// Table returns the rows of the plan, for people: a text for each column, which
// may be "" in the last one.
func (p Plan) Table() [][len(Columns)]string {
	var table [][len(Columns)]string
	for _, r := range p.Rows {
		if r.Unmet != "" {
			table = append(table, [...]string{r.Server, fmt.Sprint(r.Capacity.Best), r.Binds, "-", "-", "-", "-", "-", "-", "cannot: " + r.Unmet})
			continue
		}
		table = append(table, [...]string{
			r.Server, r.Capacity.String(), r.Binds, fmt.Sprint(r.Boxes), fmt.Sprint(r.Clients),
			fmt.Sprintf("%.2f", r.Cores.Mean), showBytes(r.Memory.Mean), showDelays(p.Target.SLO, r), showReconnect(r), notes(r),
		})
	}
	return table
}

// String shows the count and, where it is an estimate, its interval.
func (c Count) String() string {
	if c.Low == c.High {
		return fmt.Sprint(c.Best)
	}
	return fmt.Sprintf("%d (%d-%d)", c.Best, c.Low, c.High)
}

// showDelays shows the percentiles that the SLO bounds.
func showDelays(bounds slo.SLO, r Row) string {
	var parts []string
	for i, b := range bounds {
		parts = append(parts, fmt.Sprintf("%s %s", b.Name(), seconds(r.Delays[i].Mean)))
	}
	return slo.Measure(r.Ticker) + " " + strings.Join(parts, ", ")
}

func showReconnect(r Row) string {
	if r.Reconnect.Mean == 0 {
		return "unknown"
	}
	return seconds(r.Reconnect.Mean)
}

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

func notes(r Row) string {
	var list []string
	if r.Extrapolated {
		list = append(list, "extrapolated")
	}
	if r.Alike != "" {
		list = append(list, "capacity: no measurable difference to "+r.Alike)
	}
	return strings.Join(list, "; ")
}
