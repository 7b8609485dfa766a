package report

import (
	"math"

	"clock"
	"clock/bench/load"
	"clock/bench/record"
)

// A unit is how figures are shown in tables: the header names it once.
type unit struct {
	name string
	size float64 // in seconds, bytes, or one
}

var (
	microseconds = unit{"µs", 1e-6}
	milliseconds = unit{"ms", 1e-3}
	kilobytes    = unit{"kB", 1e3}
	perSecond    = unit{"1/s", 1}
)

// A measure is something that a run tells of a server. Its values are in
// seconds, bytes or one.
type measure struct {
	name string
	unit unit
	of   func(record.Run) (value float64, known bool)
}

// The measures that servers are compared by.
var (
	cpu = measure{"CPU per line", microseconds, func(r record.Run) (float64, bool) {
		return r.CPUPerLine(), r.ServerCPU > 0 && r.Load.AllLines > 0
	}}
	userMemory   = measure{"user memory per client", kilobytes, func(r record.Run) (float64, bool) { return r.UserMemory, true }}
	kernelMemory = measure{"kernel memory per client", kilobytes, func(r record.Run) (float64, bool) {
		return r.KernelMemory, r.KernelMemory != 0 // where the system does not tell, it is 0
	}}
	span = measure{"span", milliseconds, func(r record.Run) (float64, bool) {
		return r.Load.Span.Median.Seconds(), r.Load.Span.Median > 0
	}}
	lagP50    = percentile("lag p50", 50, lag)
	lagP99    = percentile("lag p99", 99, lag)
	jitterP50 = percentile("jitter p50", 50, jitter)
	jitterP99 = percentile("jitter p99", 99, jitter)

	stormRate = measure{"storm rate", perSecond, func(r record.Run) (float64, bool) {
		return connectRate(r.Load.Storm)
	}}
	stormP50   = percentile("storm first line p50", 50, storm)
	stormP99   = percentile("storm first line p99", 99, storm)
	stormMax   = percentile("storm first line max", 100, storm)
	connectP50 = percentile("first line p50", 50, connect)
	connectP99 = percentile("first line p99", 99, connect)
	connectMax = percentile("first line max", 100, connect)
)

func lag(r record.Run) *load.Histogram     { return r.Load.Lag }
func jitter(r record.Run) *load.Histogram  { return r.Load.Jitter }
func connect(r record.Run) *load.Histogram { return r.Load.Connect.First }
func storm(r record.Run) *load.Histogram {
	if r.Load.Storm == nil {
		return nil
	}
	return r.Load.Storm.First
}

func connectRate(c *load.Connect) (float64, bool) {
	if c == nil || c.Rate() == 0 {
		return 0, false
	}
	return c.Rate(), true
}

func percentile(name string, p float64, of func(record.Run) *load.Histogram) measure {
	return measure{name, milliseconds, func(r record.Run) (float64, bool) {
		h := of(r)
		return h.Percentile(p).Seconds(), h.Count() > 0
	}}
}

// ofLines are the measures of how lines arrive. The first two are those of what
// an SLO bounds: lag with a shared ticker, jitter with one per connection.
func ofLines(ticker clock.TickerKind) []measure {
	if ticker == clock.Shared {
		return []measure{lagP50, lagP99, jitterP99}
	}
	return []measure{jitterP50, jitterP99}
}

// judgedP99 is the p99 of what an SLO bounds.
func judgedP99(ticker clock.TickerKind) measure { return ofLines(ticker)[1] }

// value returns the measure of a run, and whether it is known.
func (m measure) value(r record.Run) (float64, bool) {
	v, known := m.of(r)
	if !known || math.IsNaN(v) || math.IsInf(v, 0) {
		return 0, false
	}
	return v, true
}

// header is the head of a column of the measure.
func (m measure) header() string { return m.name + " (" + m.unit.name + ")" }

// show returns a value as a table shows it.
func (m measure) show(v float64) string { return digits(v / m.unit.size) }

// prose returns a value with its unit, as a sentence shows it.
func (m measure) prose(v float64) string {
	switch m.unit {
	case kilobytes:
		return showBytes(v)
	case perSecond:
		return digits(v) + " a second"
	}
	return showTime(v)
}
