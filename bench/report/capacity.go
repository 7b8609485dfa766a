package report

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"clock/bench/estimate"
	"clock/bench/plan"
	"clock/bench/record"
	"clock/bench/slo"
)

// A capacity is what the searches for one server within one SLO have found.
type capacity struct {
	server   record.Variant
	slo      slo.SLO
	interval time.Duration
	cpus     int
	most     int
	found    []float64 // of the confirmed searches
	limited  bool      // by what could be tried, in all of them
	cause    string    // that binds, in the last of them
	open     int       // searches that came to no end
}

// newCapacities groups searches: by SLO, the strictest first, and then by
// server, in the order in which they come.
func newCapacities(searches []record.Search) []capacity {
	var list []capacity
	for _, s := range searches {
		same := func(c capacity) bool {
			return c.server == s.Server && slices.Equal(c.slo, s.SLO) && c.interval == s.Interval && c.cpus == s.CPUs && c.most == s.Most
		}
		i := slices.IndexFunc(list, same)
		if i < 0 {
			i = len(list)
			list = append(list, capacity{server: s.Server, slo: s.SLO, interval: s.Interval, cpus: s.CPUs, most: s.Most, limited: true})
		}
		c := &list[i]
		if !s.Confirmed {
			c.open++
			continue
		}
		c.found = append(c.found, float64(s.Capacity))
		c.limited = c.limited && s.Exceeded == 0
		c.cause = causeOf(s.Found)
	}
	slices.SortStableFunc(list, func(a, b capacity) int {
		return slices.CompareFunc(a.slo, b.slo, func(x, y slo.Bound) int {
			return cmp.Or(cmp.Compare(x.Percentile, y.Percentile), cmp.Compare(x.Limit, y.Limit))
		})
	})
	return list
}

// capacities shows what was found, and what the model says.
func (d *data) capacities() *table {
	t := newTable(2, "SLO", "server", "clients", "searches", "spread", "bound by", "model", "model's error")
	t.text = 2
	for _, c := range d.searched {
		row := []string{c.slo.Show(), c.server.Name}
		if len(c.found) == 0 {
			t.add(append(row, none, fmt.Sprintf("none of %d came to an end", c.open), none, none, none, none)...)
			continue
		}
		row = append(row, c.clients(), integer(len(c.found)), showPercent(slices.Max(c.found)/slices.Min(c.found)-1), c.boundBy())
		predicted, known := d.predict(c)
		if !known {
			t.add(append(row, none, none)...)
			continue
		}
		t.add(append(row, fmt.Sprintf("%s (%s–%s)", integer(predicted.Best), integer(predicted.Low), integer(predicted.High)),
			showSigned(c.errorOf(predicted)))...)
	}
	return t
}

// clients shows the median of what was found, with the least and the greatest.
func (c capacity) clients() string {
	s := fixed(estimate.Median(c.found), 0)
	if low, high := slices.Min(c.found), slices.Max(c.found); low != high {
		s += fmt.Sprintf(" [%s–%s]", fixed(low, 0), fixed(high, 0))
	}
	return s
}

// boundBy is what keeps the server from more clients, in a word or two.
func (c capacity) boundBy() string {
	switch c.cause {
	case record.CPU:
		return "processor"
	case record.SLO:
		return "SLO"
	case record.Unserved:
		return "clients not served"
	case record.Most:
		return "what was to be tried"
	}
	return c.cause
}

// causeOf returns the cause of what a search has found. Older versions said it
// in a sentence only.
func causeOf(f record.Found) string {
	if f.Cause != "" {
		return f.Cause
	}
	if strings.Contains(f.Binds, "clients were not served") {
		return record.Unserved
	}
	for begin, cause := range map[string]string{
		"the processor:": record.CPU, "the SLO:": record.SLO, "the limit on open files": record.Files, "-most=": record.Most,
	} {
		if strings.HasPrefix(f.Binds, begin) {
			return cause
		}
	}
	return f.Binds
}

// predict asks the model for the capacity of a box like the one searched on.
func (d *data) predict(c capacity) (plan.Count, bool) {
	i := slices.IndexFunc(d.models, func(m plan.Model) bool { return m.Server == c.server.Name })
	if i < 0 {
		return plan.Count{}, false
	}
	p, err := plan.Make(d.models[i:i+1], plan.Target{
		Clients: 1, Interval: c.interval, SLO: c.slo, Headroom: 1, Extrapolate: true,
		Box: plan.Box{Cores: c.cpus, Memory: float64(d.env.Memory), Files: math.MaxInt32},
	})
	if err != nil {
		return plan.Count{}, false
	}
	n := p.Rows[0].Capacity
	return plan.Count{Best: min(n.Best, c.most), Low: min(n.Low, c.most), High: min(n.High, c.most)}, true
}

// errorOf is the relative error of a prediction, against the median found.
func (c capacity) errorOf(predicted plan.Count) float64 {
	return float64(predicted.Best)/estimate.Median(c.found) - 1
}

// maxCapacityError is how far a prediction of the capacity may be off to be of
// use: a box more or less in seven.
const maxCapacityError = 0.15

// predictedWell says how many of the capacities the model predicts.
func (d *data) predictedWell() string {
	well, all := 0, 0
	for _, c := range d.searched {
		if predicted, known := d.predict(c); known && len(c.found) > 0 {
			all++
			if math.Abs(c.errorOf(predicted)) <= maxCapacityError {
				well++
			}
		}
	}
	if all == 0 {
		return ""
	}
	return fmt.Sprintf("The model predicts %d of %d within %s.", well, all, showPercent(maxCapacityError))
}

// capacityFinding says how many clients each server holds within each SLO.
func (d *data) capacityFinding() string {
	var parts []string
	for i := 0; i < len(d.searched); {
		first := d.searched[i]
		var servers []string
		for ; i < len(d.searched) && slices.Equal(d.searched[i].slo, first.slo); i++ {
			if c := d.searched[i]; len(c.found) > 0 {
				s := fixed(estimate.Median(c.found), 0) + " with `" + c.server.Name + "`"
				switch {
				case c.limited && c.cause == record.Files:
					s = "as many as the limit on open files allows, " + s
				case c.limited:
					s = "as many as were to be tried, " + s
				}
				servers = append(servers, s)
			}
		}
		if len(servers) > 0 {
			parts = append(parts, fmt.Sprintf("within %s it holds %s", first.slo.Show(), list(servers)))
		}
	}
	if len(parts) == 0 {
		return ""
	}
	return fmt.Sprintf("How many clients a server with %s holds: %s. (The SLO bounds the lag with a shared ticker, and the jitter with one per connection.)",
		plural(d.searched[0].cpus, "processor"), strings.Join(parts, "; "))
}

// showSigned shows a relative error.
func showSigned(x float64) string {
	s := fixed(100*x, 1) + " %"
	if x > 0 {
		s = "+" + s
	}
	return s
}
