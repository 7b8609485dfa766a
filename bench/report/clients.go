package report

import (
	"math"

	"clock"
	"clock/bench/estimate"
	"clock/bench/load"
	"clock/bench/record"
)

// connecting tells how fast clients came in: all at once, after they had all
// left, and one after the other at the start.
func (d *data) connecting() *table {
	t := newTable(2, "server", "clients", "storm (clients/s)", "storm p50 (ms)", "storm p99 (ms)", "storm max (ms)",
		"start p50 (ms)", "start p99 (ms)", "start max (ms)")
	for _, v := range d.variants {
		for _, conns := range d.sizes {
			row := []string{v.Name, integer(conns)}
			for _, m := range []measure{stormRate, stormP50, stormP99, stormMax, connectP50, connectP99, connectMax} {
				row = append(row, d.middle(m, cell(v, conns)))
			}
			t.add(row...)
		}
	}
	return t
}

// faults counts what no client should see, over all the runs of a variant in
// which no client stalls.
func (d *data) faults() *table {
	t := newTable(1, "server", "lines", "missing", "skipped", "repeated", "torn", "stale", "clients refused", "clients lost")
	for _, v := range d.variants {
		runs := d.healthy(v)
		if len(runs) == 0 {
			continue
		}
		lines := total(runs, func(r *load.Result) int64 { return r.Lines })
		row := []string{v.Name, integer(lines)}
		for _, count := range []func(*load.Result) int64{
			func(r *load.Result) int64 { return r.Missing },
			func(r *load.Result) int64 { return r.Skipped },
			func(r *load.Result) int64 { return r.Repeated },
			func(r *load.Result) int64 { return r.Torn },
			func(r *load.Result) int64 { return r.Stale },
		} {
			row = append(row, perMillion(total(runs, count), lines))
		}
		t.add(append(row,
			integer(total(runs, func(r *load.Result) int64 { return int64(r.Failed) })),
			integer(total(runs, func(r *load.Result) int64 { return int64(r.Lost) })))...)
	}
	return t
}

// healthy returns the runs of a variant in which no client stalls.
func (d *data) healthy(v record.Variant) []record.Run {
	var runs []record.Run
	for _, conns := range d.sizes {
		runs = append(runs, d.runs[cell(v, conns)]...)
	}
	return runs
}

func total(runs []record.Run, count func(*load.Result) int64) int64 {
	var n int64
	for _, r := range runs {
		n += count(r.Load)
	}
	return n
}

func perMillion(n, lines int64) string {
	if lines == 0 {
		return none
	}
	return digits(1e6 * float64(n) / float64(lines))
}

// drift shows the mean gap less the interval, with its interval of confidence.
func (d *data) drift() *table {
	perConn := d.where(func(v record.Variant) bool { return v.Ticker == clock.PerConn })
	return d.bySize(perConn, func(c record.Cell) string {
		e := d.driftOf(c)
		switch e.N {
		case 0:
			return none
		case 1:
			return showDrift(e.Mean)
		}
		s := showDrift(e.Mean) + " (" + showDrift(e.Low) + " to " + showDrift(e.High) + ")"
		if e.Excludes(0) {
			return "**" + s + "**"
		}
		return s
	})
}

// driftOf estimates the drift of a cell in microseconds per tick.
func (d *data) driftOf(c record.Cell) estimate.Mean {
	return estimate.MeanOf(d.values(measure{"drift", microseconds, func(r record.Run) (float64, bool) {
		return r.Load.Drift / 1e3, r.Load.Jitter.Count() > 0
	}}, c))
}

// showDrift shows microseconds, to 10 ns at best: less is noise.
func showDrift(µs float64) string {
	if math.Abs(µs) < 10 {
		return fixed(µs, 2)
	}
	return digits(µs)
}

// fairness shows the worst client's mean over the median client's.
func (d *data) fairness() *table {
	fairness := measure{"fairness", unit{"", 1}, func(r record.Run) (float64, bool) { return r.Load.Fairness, r.Load.Fairness > 0 }}
	return d.bySize(d.variants, func(c record.Cell) string { return d.middle(fairness, c) })
}

// bySize is a table with a row for each variant and a column for each number
// of clients.
func (d *data) bySize(variants []record.Variant, show func(record.Cell) string) *table {
	head := []string{"server"}
	for _, conns := range d.sizes {
		head = append(head, plural(conns, "client"))
	}
	t := newTable(1, head...)
	for _, v := range variants {
		row := []string{v.Name}
		for _, conns := range d.sizes {
			row = append(row, show(cell(v, conns)))
		}
		t.add(row...)
	}
	return t
}
