package report

import (
	"fmt"
	"time"

	"clock"
	"clock/bench/plan"
	"clock/bench/slo"
)

// planned are the numbers of clients that the report plans for, as examples.
var planned = []int{100_000, 1_000_000}

// exampleTarget is what the examples ask for: a service that is felt to be
// prompt, on boxes of a common size. The headroom is the default of clockbench
// plan.
func (d *data) exampleTarget(clients int) plan.Target {
	return plan.Target{
		Clients: clients, Interval: d.plan.Interval, Headroom: 0.65,
		SLO: slo.SLO{{Percentile: 99, Limit: 100 * time.Millisecond}},
		Box: plan.Box{Cores: 8, Memory: 16 << 30, Files: plan.DefaultFiles},
	}
}

// A worked is a plan that the report shows.
type worked struct {
	Title, Recommendation string
	Table                 *table
}

// plans returns the plans, and what they assume.
func (d *data) plans() (plans []worked, assumptions []string) {
	if len(d.models) == 0 {
		return nil, nil
	}
	for _, clients := range planned {
		p, err := plan.Make(d.models, d.exampleTarget(clients))
		if err != nil {
			return nil, nil
		}
		plans = append(plans, worked{plural(clients, "client"), p.Recommendation, planTable(p)})
		assumptions = p.Assumptions
	}
	return plans, assumptions
}

// describeTarget says what the plans are made for.
func (d *data) describeTarget() string {
	t := d.exampleTarget(0)
	return fmt.Sprintf("A line every %s with %s, on boxes of %s and %.0f GiB that are filled to %s of their capacity; one of them may fail",
		showPeriod(t.Interval), t.SLO.Show(), plural(t.Box.Cores, "core"), t.Box.Memory/(1<<30), showPercent(t.Headroom))
}

// planTable shows what each server needs.
func planTable(p plan.Plan) *table {
	t := newTable(1, "server", "clients a box holds", "bound by", "boxes", "clients on each", "cores busy", "memory", "lag p99", "jitter p99", "reconnect")
	for _, r := range p.Rows {
		if r.Unmet != "" {
			t.add(r.Server, none, r.Unmet, none, none, none, none, none, none, none)
			continue
		}
		holds := integer(r.Capacity.Best)
		if r.Capacity.Low != r.Capacity.High {
			holds += fmt.Sprintf(" (%s–%s)", integer(r.Capacity.Low), integer(r.Capacity.High))
		}
		lag, jitter := showTime(r.Delays[0].Mean), none
		if r.Ticker == clock.PerConn {
			lag, jitter = jitter, lag
		}
		reconnect := none
		if r.Reconnect.Mean > 0 {
			reconnect = showTime(r.Reconnect.Mean)
		}
		t.add(r.Server, holds, r.Binds, integer(r.Boxes), integer(r.Clients), fixed(r.Cores.Mean, 2), showBytes(r.Memory.Mean), lag, jitter, reconnect)
	}
	return t
}
