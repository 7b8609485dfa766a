// Package slo has what a server is held to: bounds on percentiles of the lag or,
// with a ticker per connection, of the jitter.
package slo

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"clock"
)

// An SLO is a list of bounds, all of which are to be kept.
type SLO []Bound

// A Bound is an upper bound on a percentile of the lag or the jitter.
type Bound struct {
	Percentile float64       `json:"percentile"` // per cent
	Limit      time.Duration `json:"limit"`
}

// Percentiles are those that can be bounded, per cent. The mean is none of them:
// it hides the clients that wait.
var Percentiles = []float64{50, 90, 99, 99.9, 99.99, 100}

// Name returns the name of a percentile: p99, or max for 100.
func Name(percentile float64) string {
	if percentile == 100 {
		return "max"
	}
	return fmt.Sprintf("p%g", percentile)
}

// Measure returns the name of what an SLO bounds with a ticker: lag or jitter.
func Measure(ticker clock.TickerKind) string {
	if ticker == clock.Shared {
		return "lag"
	}
	return "jitter"
}

// Parse reads bounds such as p99=50ms,max=1s. Limit reads what stands behind the
// equals sign.
func Parse(s string, limit func(string) (time.Duration, error)) (SLO, error) {
	var list SLO
	for part := range strings.SplitSeq(s, ",") {
		name, text, found := strings.Cut(strings.TrimSpace(part), "=")
		i := slices.IndexFunc(Percentiles, func(p float64) bool { return Name(p) == name })
		if !found || i < 0 {
			return nil, fmt.Errorf("give a percentile and its bound, such as p99=50ms; percentiles are %s", strings.Join(names(), ", "))
		}
		d, err := limit(text)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		list = append(list, Bound{Percentiles[i], d})
	}
	return list, nil
}

func names() []string {
	var list []string
	for _, p := range Percentiles {
		list = append(list, Name(p))
	}
	return list
}

// Name returns the name of the percentile that is bounded.
func (b Bound) Name() string { return Name(b.Percentile) }

// String returns the bounds as Parse reads them.
func (s SLO) String() string { return s.join("=") }

// Show returns the bounds for people: p99 ≤ 50ms, max ≤ 1s.
func (s SLO) Show() string { return strings.ReplaceAll(s.join(" ≤ "), ",", ", ") }

func (s SLO) join(sign string) string {
	var list []string
	for _, b := range s {
		list = append(list, b.Name()+sign+b.Limit.String())
	}
	return strings.Join(list, ",")
}

// Check returns an error unless there is a bound, and each makes sense.
func (s SLO) Check() error {
	if len(s) == 0 {
		return errors.New("no SLO: bound a percentile, such as p99=100ms")
	}
	for _, b := range s {
		if !(b.Percentile > 0 && b.Percentile <= 100) || b.Limit <= 0 {
			return fmt.Errorf("an SLO of %s at most %v: both must be above 0", b.Name(), b.Limit)
		}
	}
	return nil
}
