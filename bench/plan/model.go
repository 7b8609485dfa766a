package plan

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"time"

	"clock"
	"clock/bench/estimate"
)

// A Model is what a server costs by the number of its clients, as far as its
// runs tell.
//
// What is fitted are totals, fixed cost + cost per client · N. Divided by N
// they are no straight lines: with few clients the fixed cost, of waking up
// and of an empty server's buffers, is most of it. A server with a ticker per
// connection takes some 40 ms of each second to wake up, so that its CPU per
// line falls from 50 to 13 µs between 1,000 and 18,000 clients, and yet its
// total is a straight line.
//
// Processor time and lag scatter by some 8 % of what they are, at each size, so
// each run is weighted by the inverse square of its size's mean. Memory
// scatters by much less, and bends most with few clients: its runs all count
// the same, so that the large sizes decide.
type Model struct {
	Server       string           `json:"server"`
	Ticker       clock.TickerKind `json:"ticker"`
	CPU          estimate.Line    `json:"cpu"`           // seconds for a line to each client
	UserMemory   estimate.Line    `json:"user_memory"`   // bytes
	KernelMemory estimate.Line    `json:"kernel_memory"` // bytes
	ConnectRate  estimate.Value   `json:"connect_rate"`  // clients a second, all coming at once; 0 if unknown
	Smallest     int              `json:"smallest"`      // number of clients measured
	Largest      int              `json:"largest"`

	server   Server
	interval time.Duration
	cores    int
}

// Fit makes the models of the servers in the data.
func Fit(d Data) ([]Model, error) {
	if len(d.Servers) == 0 {
		return nil, errors.New("no server in the data that could be planned with: measure some with clockbench compare")
	}
	if d.Cores < 1 || d.Interval <= 0 {
		return nil, fmt.Errorf("the data is of %d cores and an interval of %v: measure again", d.Cores, d.Interval)
	}
	var models []Model
	for _, s := range d.Servers {
		m, err := fit(s)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", s.Name, err)
		}
		m.interval, m.cores = d.Interval, d.Cores
		models = append(models, m)
	}
	return models, nil
}

const (
	minSizes = 2 // that a line takes
	minRuns  = 3 // that its interval takes
)

func fit(s Server) (Model, error) {
	sizes := s.sizes()
	if len(sizes) < minSizes || len(s.Runs) < minRuns {
		return Model{}, fmt.Errorf("too little to fit: %d runs with %d numbers of clients, and it takes %d and %d: measure more with clockbench compare -conns=1k,5k,10k -rounds=5",
			len(s.Runs), len(sizes), minRuns, minSizes)
	}
	line := func(w estimate.Weighting, value func(Run) float64) estimate.Line {
		x, y := s.column(value)
		return estimate.Fit(x, y, w)
	}
	m := Model{
		Server:       s.Name,
		Ticker:       s.Ticker,
		CPU:          line(estimate.Relatively, func(r Run) float64 { return r.CPU }),
		UserMemory:   line(estimate.Evenly, func(r Run) float64 { return r.UserMemory }),
		KernelMemory: line(estimate.Evenly, func(r Run) float64 { return r.KernelMemory }),
		Smallest:     sizes[0],
		Largest:      sizes[len(sizes)-1],
		server:       s,
	}
	if m.CPU.Slope.Low <= 0 || m.UserMemory.Slope.Mean+m.KernelMemory.Slope.Mean <= 0 {
		return m, fmt.Errorf("from %d to %d clients its cost does not grow measurably: measure more rounds, or sizes further apart, with clockbench compare", m.Smallest, m.Largest)
	}
	var rates []float64
	for _, r := range s.Runs {
		if r.ConnectRate > 0 {
			rates = append(rates, r.ConnectRate)
		}
	}
	if len(rates) > 0 {
		m.ConnectRate = estimate.GeometricMeanOf(rates).Value
	}
	return m, nil
}

// A curve is what an SLO bounds, in seconds, by the number of clients. Its mean
// never falls.
type curve func(clients float64) estimate.Value

// delay returns the curve of a percentile.
func (m Model) delay(percentile float64) (curve, error) {
	for _, r := range m.server.Runs {
		if _, known := r.delay(percentile); !known {
			return nil, fmt.Errorf("%s: p%g was not measured with %d clients", m.Server, percentile, r.Clients)
		}
	}
	if m.Ticker == clock.Shared {
		return m.batch(percentile)
	}
	return m.interpolation(percentile), nil
}

// batch is the curve of a shared ticker. A tick is a batch: client k of N waits
// k·s, so a share q of the clients has waited q·N·s, and half of them N·s/2.
// The s of a percentile is fitted to the lags measured, and is not the CPU per
// line: for the median it is about that, but the high percentiles are made by
// the slow ticks, and come out some 8 % higher.
func (m Model) batch(percentile float64) (curve, error) {
	q := percentile / 100
	x, y := m.server.column(func(r Run) float64 {
		d, _ := r.delay(percentile)
		return d
	})
	for i := range x {
		x[i] *= q
	}
	l := estimate.Fit(x, y, estimate.Relatively)
	if l.Slope.Low <= 0 {
		return nil, fmt.Errorf("%s: p%g of the lag does not grow measurably with the clients: measure more rounds, or sizes further apart, with clockbench compare", m.Server, percentile)
	}
	return func(clients float64) estimate.Value {
		e := l.At(q * clients).Positive()
		mean := max(e.Mean, l.Slope.Mean*q*clients) // a batch of so many lines takes that
		return estimate.Value{Mean: mean, Low: e.Low, High: max(e.High, mean)}
	}, nil
}

// interpolation is the curve of a ticker per connection: straight lines between
// the geometric means of each size, where a size is no better than a smaller
// one. Fewer clients than the fewest measured count as those. Beyond the most
// measured it goes on as between the last two, for those who ask.
func (m Model) interpolation(percentile float64) curve {
	sizes := m.server.sizes()
	means := make([]estimate.Value, len(sizes))
	for i, size := range sizes {
		var delays []float64
		for _, r := range m.server.Runs {
			if r.Clients == size {
				d, _ := r.delay(percentile)
				delays = append(delays, d)
			}
		}
		means[i] = estimate.GeometricMeanOf(delays).Value
		if i > 0 {
			before := means[i-1]
			means[i] = estimate.Value{Mean: max(means[i].Mean, before.Mean), Low: max(means[i].Low, before.Low), High: max(means[i].High, before.High)}
		}
	}
	return func(clients float64) estimate.Value {
		within := min(clients, float64(sizes[len(sizes)-1]))
		i, _ := slices.BinarySearch(sizes, int(math.Ceil(within)))
		if i == 0 {
			return means[0]
		}
		from, to := float64(sizes[i-1]), float64(sizes[i])
		share := (clients - from) / (to - from)
		e := means[i-1].Times(1 - share).Plus(means[i].Times(share))
		return estimate.Value{Mean: e.Mean, Low: min(e.Low, e.Mean), High: max(e.High, e.Mean)}
	}
}
