package bench

import (
	"math"
	"time"

	"gonum.org/v1/gonum/stat"

	"clock/bench/estimate"
)

const (
	// maxBatches is how many batches a drift is judged by at most. The samples
	// of a server are anything but independent of each other; the means of long
	// batches nearly are. More than some 10 to 30 of them gain nothing
	// (Schmeiser, Batch Size Effects in the Analysis of Simulation Output,
	// Operations Research 30, 1982).
	maxBatches = 20

	// minBatches is the least that a slope and its error can be told from.
	minBatches = 6

	day = 24 * time.Hour
)

// A Drift is how a figure of a server moves in the course of a soak: the slope
// of a straight line through the means of batches, with its interval of 95 %
// (Student's t, least squares). The slope is per day, in the unit of the
// figure.
type Drift struct {
	Figure  string  `json:"figure"`
	Unit    string  `json:"unit,omitempty"` // "B", or "" for a number
	Mean    float64 `json:"mean"`
	Batches int     `json:"batches"` // with fewer than six there is no slope
	Slope   float64 `json:"slope"`
	Low     float64 `json:"low"`
	High    float64 `json:"high"`

	Negligible float64 `json:"negligible"` // the slope that does no harm
	Hidden     float64 `json:"hidden"`     // the slope that an interval must not hide
}

// Known reports whether there is a slope.
func (d Drift) Known() bool { return d.Batches >= minBatches }

// Grows reports whether the figure rises for certain, by more than does no
// harm. One that falls leaks nothing.
func (d Drift) Grows() bool { return d.Known() && d.Low > 0 && d.Slope > d.Negligible }

// Unclear reports whether the interval is so wide that a leak hides in it.
func (d Drift) Unclear() bool { return !d.Known() || !d.Grows() && d.High > d.Hidden }

// A series is a figure as it was sampled: values at instants in seconds.
type series struct{ at, value []float64 }

func (s *series) add(at, value float64) {
	s.at, s.value = append(s.at, at), append(s.value, value)
}

// drift fits a line to the series. A batch is a whole number of periods, so
// that what rises and falls with each period is the same in all of them; the
// periods that are over are the first of the series, to the number given.
// Periods that fill no batch are left out, the earliest ones.
func (s series) drift(period time.Duration, periods int) (d Drift) {
	if len(s.at) > 0 {
		d.Mean = stat.Mean(s.value, nil)
	}
	each := (periods + maxBatches - 1) / maxBatches // periods in a batch
	if each == 0 {
		return d
	}
	left := periods % each
	batches := make([]series, periods/each)
	for i, at := range s.at {
		n := int(math.Floor(at/period.Seconds())) - left
		if n >= 0 && n/each < len(batches) {
			batches[n/each].add(at, s.value[i])
		}
	}
	var means series
	for _, b := range batches {
		if len(b.at) > 0 { // the machine may have slept
			means.add(stat.Mean(b.at, nil), stat.Mean(b.value, nil))
		}
	}
	d.Batches = len(means.at)
	if d.Known() {
		slope := estimate.Fit(means.at, means.value, estimate.Evenly).Slope.Times(day.Seconds())
		d.Slope, d.Low, d.High = slope.Mean, slope.Low, slope.High
	}
	return d
}
