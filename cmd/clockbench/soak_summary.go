package main

import (
	"bytes"
	"fmt"
	"text/tabwriter"
	"time"

	"clock"
	"clock/bench"
	"clock/bench/load"
)

// soakSummary returns what a soak has shown, for people.
func soakSummary(r *bench.SoakResult) []byte {
	var b bytes.Buffer
	p, l := r.Plan, r.Load
	fmt.Fprintf(&b, "%s: %d clients that behave, a line every %v, counted for %v from %s; and %d that do not:\n",
		p.Server.Name, p.Conns, p.Interval, l.To.Sub(l.From).Round(time.Millisecond), l.From.Format(time.TimeOnly), p.Bad)
	fmt.Fprintf(&b, "a storm every %v, %g%% of them stall, %g a second reconnect\n\n", p.Every, 100*p.Stalled, p.Churn)

	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	row := func(name, format string, args ...any) { fmt.Fprintf(w, name+"\t"+format+"\n", args...) }
	row("storms", "%d, the slowest in %v", r.Storms.Count, load.Brief(r.Storms.Storm.Took))
	row("first line", "%s", spread(r.Storms.Storm.First))
	row("reconnected", "%d", r.Storms.Churn.Clients)
	row("lines", "%d of %d, reach %s", l.Lines, l.Lines+l.Missing, l.ReachText())
	if l.Ticker == clock.Shared {
		row("lag", "%s", spread(l.Lag))
	}
	row("jitter", "%s", spread(l.Jitter))
	row("wrong", "%d skipped, %d repeated, %d torn, %d stale", l.Skipped, l.Repeated, l.Torn, l.Stale)
	if gone := l.Failed + l.Lost; gone > 0 {
		row("not served", "%d", gone)
	}
	row("fleet", "%s, %.0f%% of its processors, at most %v behind", l.Fleet, 100*l.CPUShare, load.Brief(l.Behind))
	row("others", "%.0f%% of a processor", 100*r.OtherCPU)
	w.Flush()

	fmt.Fprintln(&b)
	row("", "mean\tdrift a day\t95%% interval\tno harm\t")
	for _, d := range r.Drifts {
		row(d.Figure, "%s\t%s", d.Amount(d.Mean), drifted(d))
	}
	w.Flush()
	return b.Bytes()
}

// drifted is the part of a row that tells a drift.
func drifted(d bench.Drift) string {
	slope, interval, verdict := "", "", "not known"
	if d.Known() {
		slope, interval, verdict = rise(d, d.Slope), rise(d, d.Low)+" to "+rise(d, d.High), "steady"
	}
	switch {
	case d.Grows():
		verdict = "grows"
	case d.Known() && d.Unclear():
		verdict = "unclear"
	case d.Known() && d.High < 0 && -d.Slope > d.Negligible:
		verdict = "shrinks"
	}
	return fmt.Sprintf("%s\t%s\t%s\t%s", slope, interval, d.Amount(d.Negligible), verdict)
}

// rise writes an amount with its sign.
func rise(d bench.Drift, x float64) string {
	if x > 0 {
		return "+" + d.Amount(x)
	}
	return d.Amount(x)
}
