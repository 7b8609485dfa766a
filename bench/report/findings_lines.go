package report

import (
	"fmt"
	"strings"

	"clock"
	"clock/bench/load"
	"clock/bench/record"
)

// driftFinding says which tickers per connection keep time.
func (d *data) driftFinding() string {
	var parts []string
	for _, v := range d.with(clock.PerConn) {
		c := cell(v, d.headline())
		name := "`" + v.Name + "`"
		if isBook(v) {
			name = "The book's loop, " + name + ","
		}
		e := d.driftOf(c)
		switch {
		case e.N < 2:
		case !e.Excludes(0):
			parts = append(parts, name+" has no measurable drift.")
		default:
			lines := total(d.runs[c], func(r *load.Result) int64 { return r.Lines })
			skipped := total(d.runs[c], func(r *load.Result) int64 { return r.Skipped })
			parts = append(parts, fmt.Sprintf("%s drifts by %s µs a tick (%s to %s); of a million ticks its clients are never shown %s.",
				name, showDrift(e.Mean), showDrift(e.Low), showDrift(e.High), perMillion(skipped, lines)))
		}
	}
	return strings.Join(parts, " ")
}

// isBook reports whether the variant is the book's server, clock2.
func isBook(v record.Variant) bool { return v.Engine == "goroutine" && v.Ticker == clock.PerConn }

// reachFinding says whether all lines came, each once and whole.
func (d *data) reachFinding() string {
	var (
		runs  []record.Run
		worst record.Cell
		least = 1.0
		short int // cells whose reach is below 1
	)
	for _, v := range d.variants {
		for _, conns := range d.sizes {
			c := cell(v, conns)
			runs = append(runs, d.runs[c]...)
			if share, known := reach(d.runs[c]); known && share < 1 {
				short++
				if share < least {
					worst, least = c, share
				}
			}
		}
	}
	lines := total(runs, func(r *load.Result) int64 { return r.Lines })
	if lines == 0 {
		return ""
	}
	text := fmt.Sprintf("Every line that was due came, %s in all.", integer(lines))
	if short > 0 {
		text = fmt.Sprintf("Not every line came: reach is below 1 in %s, and worst, %s, of %s.", plural(short, "place"), showShare(least), showCell(worst))
	}
	torn := total(runs, func(r *load.Result) int64 { return r.Torn })
	repeated := total(runs, func(r *load.Result) int64 { return r.Repeated })
	stale := total(runs, func(r *load.Result) int64 { return r.Stale })
	if torn+repeated+stale == 0 {
		return text + " None came torn, twice or stale."
	}
	return text + fmt.Sprintf(" %s came torn, %s twice and %s stale.", integer(torn), integer(repeated), integer(stale))
}
