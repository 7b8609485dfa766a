package plan

import (
	"fmt"
	"slices"

	"gonum.org/v1/gonum/stat"

	"clock"
)

// A Prediction is what a model says of a size that it was not fitted to, and
// what was measured there.
type Prediction struct {
	Server    string  `json:"server"`
	Measure   string  `json:"measure"`
	Clients   int     `json:"clients"`
	Predicted float64 `json:"predicted"` // seconds or bytes, for a line or a client
	Measured  float64 `json:"measured"`  // mean over the runs
	Error     float64 `json:"error"`     // relative and signed: 0.1 is a prediction 10 % too high
}

// The measures that are validated. The lag is that of a shared ticker only.
const (
	CPUPerLine            = "CPU per line"
	UserMemoryPerClient   = "user memory per client"
	KernelMemoryPerClient = "kernel memory per client"
	LagP99                = "lag p99"
)

const heldOut = 2 // of the sizes: the largest

// Validate fits each server without its two largest numbers of clients, and
// predicts those. It takes four numbers of clients or more.
func Validate(d Data) ([]Prediction, error) {
	var all []Prediction
	for _, s := range d.Servers {
		sizes := s.sizes()
		if len(sizes) < heldOut+minSizes {
			return nil, fmt.Errorf("%s was measured with %d numbers of clients, and a validation takes %d: measure more with clockbench compare -conns=1k,5k,10k,18k",
				s.Name, len(sizes), heldOut+minSizes)
		}
		known, held := sizes[:len(sizes)-heldOut], sizes[len(sizes)-heldOut:]
		few := s
		few.Runs = slices.DeleteFunc(slices.Clone(s.Runs), func(r Run) bool { return !slices.Contains(known, r.Clients) })
		m, err := fit(few)
		if err != nil {
			return nil, fmt.Errorf("%s without its largest sizes: %w", s.Name, err)
		}
		for _, size := range held {
			predictions, err := m.predict(s, size)
			if err != nil {
				return nil, err
			}
			all = append(all, predictions...)
		}
	}
	return all, nil
}

// predict predicts the runs of s that have the size.
func (m Model) predict(s Server, size int) ([]Prediction, error) {
	n := float64(size)
	var list []Prediction
	add := func(measure string, predicted float64, measured func(Run) float64) {
		var values []float64
		for _, r := range s.Runs {
			if r.Clients == size {
				values = append(values, measured(r))
			}
		}
		if mean := stat.Mean(values, nil); mean != 0 {
			list = append(list, Prediction{s.Name, measure, size, predicted, mean, predicted/mean - 1})
		}
	}
	add(CPUPerLine, m.CPU.At(n).Mean/n, func(r Run) float64 { return r.CPU / n })
	add(UserMemoryPerClient, m.UserMemory.At(n).Mean/n, func(r Run) float64 { return r.UserMemory / n })
	add(KernelMemoryPerClient, m.KernelMemory.At(n).Mean/n, func(r Run) float64 { return r.KernelMemory / n })
	if m.Ticker == clock.Shared {
		lag, err := m.batch(99)
		if err != nil {
			return nil, err
		}
		add(LagP99, lag(n).Mean, func(r Run) float64 {
			d, _ := r.delay(99)
			return d
		})
	}
	return list, nil
}
