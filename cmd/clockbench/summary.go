package main

import (
	"bytes"
	"fmt"
	"math"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"clock"
	"clock/bench/load"
	"clock/bench/slo"
)

// summary returns what a load has shown, for people.
func summary(c load.Config, r *load.Result) []byte {
	var b bytes.Buffer
	ticker := string(r.Ticker)
	if c.Ticker == "" && len(r.Inconclusive) == 0 {
		ticker += ", as its lines show"
	}
	fmt.Fprintf(&b, "%d clients of %s %s, a line every %v, ticker %s; counted for %v from %s\n\n",
		r.Conns, c.Network, c.Addr, r.Interval, ticker, r.To.Sub(r.From), r.From.Format(time.TimeOnly))
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	row := func(name, format string, args ...any) { fmt.Fprintf(w, name+"\t"+format+"\n", args...) }

	connected(row, "connected", r.Connect)
	row("first line", "%s", spread(r.Connect.First))
	row("lines", "%d of %d, reach %s", r.Lines, r.Lines+r.Missing, r.ReachText())
	if r.Ticker == clock.Shared {
		row("lag", "%s", spread(r.Lag))
	}
	row("jitter", "%s", spread(r.Jitter))
	if r.Ticker == clock.PerConn {
		row("drift", "%+.3g µs per tick", r.Drift/float64(time.Microsecond))
	}
	row("span", "median %v  max %v", load.Brief(r.Span.Median), load.Brief(r.Span.Max))
	row("wrong", "%d skipped, %d repeated, %d torn, %d stale", r.Skipped, r.Repeated, r.Torn, r.Stale)
	if r.Ticker == clock.PerConn && r.Skipped > 0 && r.Missing == 0 {
		row("", "skipped: the tick lies between two lines that are over an interval apart; none is missing for that")
	}
	row("fairness", "%.2f", r.Fairness)
	if r.Failed+r.Lost > 0 {
		row("not served", "%d never had a line, %d were lost: %s", r.Failed, r.Lost, strings.Join(r.Trouble(), ", "))
	}
	if r.Stalled > 0 {
		row("stalled", "%d of the clients never read; the figures are those of the others", r.Stalled)
	}
	if r.Churn != nil {
		row("churning", "%d of the clients leave and reconnect; the figures are those of the others", r.Churning)
		connected(row, "reconnected", *r.Churn)
		row("first line", "%s", spread(r.Churn.First))
	}
	if r.Storm != nil {
		connected(row, "storm", *r.Storm)
		row("first line", "%s", spread(r.Storm.First))
	}
	row("fleet", "%s, %.0f%% of its processors, at most %v behind", r.Fleet, 100*r.CPUShare, load.Brief(r.Behind))
	w.Flush()
	return b.Bytes()
}

// connected is a row that tells how fast clients came. Where the fleet set the
// pace and the server kept it, their rate is that of the fleet.
func connected(row func(name, format string, args ...any), name string, c load.Connect) {
	const kept = 0.95
	pace := strconv.FormatFloat(math.Round(10*c.Pace)/10, 'f', -1, 64)
	switch {
	case c.Pace == 0:
		row(name, "%d in %v, %.0f a second", c.Clients, load.Brief(c.Took), c.Rate())
	case c.Rate() >= kept*c.Pace:
		row(name, "%d in %v, at the fleet's own pace of %s a second", c.Clients, load.Brief(c.Took), pace)
	default:
		row(name, "%d in %v, %.0f a second, of %s a second that called", c.Clients, load.Brief(c.Took), c.Rate(), pace)
	}
	if trouble := c.Trouble(); len(trouble) > 0 {
		row("", "others did not: %s", strings.Join(trouble, ", "))
	}
	if c.Hindrance != "" {
		row("", "not the server's figures alone: the fleet was %s", c.Hindrance)
	}
}

// spread returns the percentiles of a distribution, a cell each.
func spread(h *load.Histogram) string {
	var cells []string
	for _, p := range []float64{50, 99, 99.9, 100} {
		cells = append(cells, fmt.Sprintf("%s %v", slo.Name(p), load.Brief(h.Percentile(p))))
	}
	return strings.Join(cells, "\t")
}
