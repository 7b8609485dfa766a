// Package plan sizes a service from measurements: how many clients a box holds
// with each of the servers, what keeps it from more, and how many boxes it
// takes.
//
// [Fit] makes a [Model] of each server: straight lines for processor time and
// memory, the batch model for the lag of a shared ticker, and interpolation
// for the jitter of a ticker per connection. [Make] asks the models what they
// say of a [Target], and [Validate] holds them against measurements that they
// have not seen.
//
// To read it, begin with model.go, what a server costs; go on with limits.go,
// how many clients a box holds; and then here, how many boxes it takes.
//
// The package computes, and does nothing else: it needs no processes and no
// files, and builds for a web page too. Times are in seconds, unless their type
// is a Duration, and memory is in bytes.
package plan

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"time"

	"clock"
	"clock/bench/estimate"
)

// A Plan is the answer to a target.
type Plan struct {
	Target         Target   `json:"target"`
	Models         []Model  `json:"models"`
	Rows           []Row    `json:"rows"` // one for each model
	Recommendation string   `json:"recommendation,omitempty"`
	Assumptions    []string `json:"assumptions"`
}

// A Row is what a server needs to meet the target. If it cannot, Unmet says
// why, and of the rest only Limits, Capacity and Binds are known.
type Row struct {
	Server    string           `json:"server"`
	Ticker    clock.TickerKind `json:"ticker"`
	Capacity  Count            `json:"capacity"` // of a box
	Binds     string           `json:"binds"`    // the constraint that Capacity is of
	Limits    []Limit          `json:"limits"`
	Unmet     string           `json:"unmet,omitempty"`
	Boxes     int              `json:"boxes"`     // one of them to fail
	Clients   int              `json:"clients"`   // on a box while another is down; what follows is for so many
	Cores     estimate.Value   `json:"cores"`     // busy
	Memory    estimate.Value   `json:"memory"`    // user and kernel
	Delays    []estimate.Value `json:"delays"`    // of the SLO's percentiles
	Reconnect estimate.Value   `json:"reconnect"` // to take back the clients of a failed box; 0 if unknown
	// Extrapolated is set where a core has fewer or more clients than were
	// measured, or the interval is another one.
	Extrapolated bool `json:"extrapolated,omitempty"`
	// Alike is the server with the same ticker and the greatest capacity, if
	// this one's was estimated and does not differ measurably from that.
	Alike string `json:"alike,omitempty"`
}

// Met reports whether any server can meet the target.
func (p Plan) Met() bool {
	return slices.ContainsFunc(p.Rows, func(r Row) bool { return r.Unmet == "" })
}

// Unmet returns an error that says why if no server can meet the target.
func (p Plan) Unmet() error {
	if p.Met() || len(p.Rows) == 0 {
		return nil
	}
	first := p.Rows[0]
	return fmt.Errorf("no server can meet the target: %s: %s (the plan has the reasons of all)", first.Server, first.Unmet)
}

// Make plans for the target with each of the models.
func Make(models []Model, t Target) (Plan, error) {
	if err := t.check(); err != nil {
		return Plan{}, err
	}
	p := Plan{Target: t, Models: models}
	for _, m := range models {
		r, err := m.row(t)
		if err != nil {
			return Plan{}, err
		}
		p.Rows = append(p.Rows, r)
	}
	markAlike(p.Rows)
	p.Recommendation = recommend(p.Rows)
	p.Assumptions = assumptions(models, t)
	return p, nil
}

func (m Model) row(t Target) (Row, error) {
	r := Row{Server: m.Server, Ticker: m.Ticker}
	var curves []curve
	for _, b := range t.SLO {
		c, err := m.delay(b.Percentile)
		if err != nil {
			return r, err
		}
		curves = append(curves, c)
	}
	r.Limits = m.limits(t, curves)
	least := slices.MinFunc(r.Limits, func(a, b Limit) int { return cmp.Compare(a.Clients.Best, b.Clients.Best) })
	r.Capacity, r.Binds = least.Clients, least.Name
	for _, l := range r.Limits {
		r.Capacity.Low, r.Capacity.High = min(r.Capacity.Low, l.Clients.Low), min(r.Capacity.High, l.Clients.High)
	}
	fill := int(t.Headroom * float64(r.Capacity.Best))
	if fill < 1 {
		r.Unmet = cmp.Or(least.Why, fmt.Sprintf("a box holds %s (%s), and the headroom leaves no room for one", plural(least.Clients.Best, "client"), least.Name))
		return r, nil
	}
	working := (t.Clients-1)/fill + 1 // boxes when one is down
	r.Boxes = working + 1
	r.Clients = (t.Clients-1)/working + 1
	n := float64(r.Clients)
	r.Cores, r.Memory = m.Busy(t, n), m.Memory(n)
	for _, c := range curves {
		r.Delays = append(r.Delays, c(m.share(t, n)))
	}
	r.Reconnect = m.reconnect(t.Clients, r.Boxes)
	r.Extrapolated = t.Interval != m.interval ||
		m.share(t, n) < float64(m.Smallest) || m.share(t, float64(r.Capacity.Best)) > float64(m.Largest)
	return r, nil
}

// reconnect is the time that the other boxes take for the clients of a failed
// one, if those come evenly to all and at once. The rate of a box is that
// measured, however many cores it has: one loop accepts.
func (m Model) reconnect(clients, boxes int) estimate.Value {
	if m.ConnectRate.Mean == 0 {
		return estimate.Value{}
	}
	lost := math.Ceil(float64(clients) / float64(boxes))
	each := lost / float64(boxes-1)
	return estimate.Value{Mean: each / m.ConnectRate.Mean, Low: each / m.ConnectRate.High, High: each / m.ConnectRate.Low}
}

// markAlike marks the rows whose capacity does not differ measurably from the
// greatest with the same ticker. A limit that is known, and not estimated, is
// the same for all: it tells nothing about servers.
func markAlike(rows []Row) {
	for _, ticker := range []clock.TickerKind{clock.Shared, clock.PerConn} {
		best := -1
		for i, r := range rows {
			if r.Ticker == ticker && r.Unmet == "" && (best < 0 || r.Capacity.Best > rows[best].Capacity.Best) {
				best = i
			}
		}
		for i, r := range rows {
			if r.Ticker == ticker && r.Unmet == "" && i != best && r.Capacity != rows[best].Capacity && r.Capacity.High >= rows[best].Capacity.Low {
				rows[i].Alike = rows[best].Server
			}
		}
	}
}

// assumptions says what the figures rest on besides measurements.
func assumptions(models []Model, t Target) []string {
	if len(models) == 0 {
		return nil
	}
	m := models[0]
	list := []string{
		fmt.Sprintf("measured with %s; a box of %s is taken for as many such servers side by side, each with its part of the clients", plural(m.cores, "core"), plural(t.Box.Cores, "core")),
		"memory is a straight line through what was measured, continued to the clients of a box; it leaves out the rest of the system's",
		"the time to reconnect is that of servers with nothing else to do, and of clients without distance",
	}
	if t.Interval != m.interval {
		list = append(list, fmt.Sprintf("measured with an interval of %v: one of %v is an extrapolation", m.interval, t.Interval))
	}
	if slices.ContainsFunc(models, func(m Model) bool { return m.Ticker != models[0].Ticker }) {
		list = append(list, "the SLO bounds the lag with a shared ticker, and with one per connection the jitter: two different promises to a client")
	}
	if !slices.ContainsFunc(models, func(m Model) bool { return m.KernelMemory.Slope.Mean > 0 }) {
		list = append(list, "the kernel's memory was not measured, and is left out")
	}
	return list
}

func plural(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return fmt.Sprintf("%d %ss", n, thing)
}

// seconds shows a time to three digits.
func seconds(s float64) string {
	d := time.Duration(s * float64(time.Second))
	unit := time.Duration(1)
	for d.Abs()/unit >= 1000 {
		unit *= 10
	}
	return d.Round(unit).String()
}
