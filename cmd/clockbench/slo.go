package main

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"clock"
	"clock/bench/load"
	"clock/bench/plan"
)

// An slo is what a server is held to: bounds on percentiles of the lag, or,
// with a ticker per connection, of the jitter.
type slo []bound

type bound struct {
	percentile
	limit time.Duration
}

type percentile struct {
	name string
	p    float64 // per cent
}

// percentiles are those that can be bounded. The mean is none of them: it hides
// the clients that wait.
var percentiles = []percentile{{"p50", 50}, {"p90", 90}, {"p99", 99}, {"p99.9", 99.9}, {"p99.99", 99.99}, {"max", 100}}

// parseSLO reads bounds such as p99=50ms,max=1s.
func parseSLO(s string) (slo, error) {
	return listOf(parseBound)(s)
}

func parseBound(s string) (bound, error) {
	name, limit, found := strings.Cut(s, "=")
	i := slices.IndexFunc(percentiles, func(p percentile) bool { return p.name == name })
	if !found || i < 0 {
		return bound{}, fmt.Errorf("give a percentile and its bound, such as p99=50ms; percentiles are %s", names(percentiles))
	}
	d, err := parsePositive(limit)
	if err != nil {
		return bound{}, fmt.Errorf("%s: %w", name, err)
	}
	return bound{percentiles[i], d}, nil
}

func names(list []percentile) string {
	var b []string
	for _, p := range list {
		b = append(b, p.name)
	}
	return strings.Join(b, ", ")
}

// String returns the bounds as a user writes them.
func (s slo) String() string {
	var list []string
	for _, b := range s {
		list = append(list, b.name+"="+b.limit.String())
	}
	return strings.Join(list, ",")
}

// bounds returns the bounds as plans and records have them.
func (s slo) bounds() []plan.Bound {
	var list []plan.Bound
	for _, b := range s {
		list = append(list, plan.Bound{Percentile: b.p, Limit: b.limit})
	}
	return list
}

// misses returns what of the SLO the result misses, and by how much. A line
// that did not come has no lag that could be bounded, so none may be missing.
func (s slo) misses(r *load.Result) []error {
	if len(s) == 0 {
		return nil
	}
	var missed []error
	miss := func(format string, args ...any) { missed = append(missed, fmt.Errorf(format, args...)) }
	judged := r.Judged()
	if judged.Count() == 0 {
		miss("no line to judge")
		return missed
	}
	for _, b := range s {
		if got := judged.Percentile(b.p); got > b.limit {
			shown := brief(got)
			if shown <= b.limit {
				shown = got.Round(time.Microsecond) // three digits do not show it
			}
			miss("%s of the %s is %v, and may be %v", b.name, measure(r.Ticker), shown, b.limit)
		}
	}
	if r.Missing > 0 {
		miss("reach is %s, %d of %d lines did not come", reach(r), r.Missing, r.Lines+r.Missing)
	}
	if gone := r.Failed + r.Lost; gone > 0 {
		miss("%d clients were not served: %s", gone, strings.Join(r.Trouble(), ", "))
	}
	return missed
}

// measure is the name of what an SLO bounds.
func measure(ticker clock.TickerKind) string {
	if ticker == clock.Shared {
		return "lag"
	}
	return "jitter"
}
