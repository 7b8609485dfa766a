package admin

import (
	"net/http"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"clock"
)

// buckets are the upper bounds in seconds of the histograms: from where a line
// on time falls to where a client is dropped, finest where an SLO would be.
var buckets = []float64{.0001, .00025, .0005, .001, .0025, .005, .01, .025, .05, .075, .1, .15, .25, .5, 1, 2.5, 5, 10}

// Metrics are what Prometheus is told of one server, of the Go runtime and of
// the process. They are the server's [clock.Observer].
type Metrics struct {
	registry *prometheus.Registry
	lag      prometheus.Histogram
	span     *span // nil unless the ticker is shared
}

var _ clock.Observer = (*Metrics)(nil)

// NewMetrics returns the metrics of a server with an engine of that name and
// these options, which are complete.
func NewMetrics(engine string, o clock.Options) *Metrics {
	m := &Metrics{
		registry: prometheus.NewRegistry(),
		lag: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name:    "clock_tick_lag_seconds",
			Help:    "Time from when a line was due to when it was handed to the kernel.",
			Buckets: buckets,
		}),
	}
	m.registry.MustRegister(
		m.lag,
		collectors.NewGoCollector(),
		collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
		collectors.NewBuildInfoCollector(),
	)
	if o.Ticker == clock.Shared {
		m.span = newSpan(o.Interval)
		m.registry.MustRegister(m.span.seconds)
	}
	m.gauge("clock_info", "Which server this is; always 1.",
		func() float64 { return 1 }, prometheus.Labels{"engine": engine, "ticker": string(o.Ticker)})
	m.gauge("clock_connections_limit", "Most connections that are open at once.",
		func() float64 { return float64(o.MaxConns) }, nil)
	m.showStats(o.Stats)
	return m
}

// showStats registers a metric for each counter of the server. A reason is
// there from the start, at 0, since Prometheus takes no rate of a counter that
// appears with its first event.
func (m *Metrics) showStats(s *clock.Stats) {
	m.gauge("clock_connections", "Connections open now.",
		func() float64 { return float64(s.Connections()) }, nil)
	m.counter("clock_connections_accepted_total", "Connections let in.", &s.Accepted, nil)
	m.counter("clock_accept_errors_total", "Accepts that failed, each tried again.", &s.AcceptErrors, nil)
	m.counter("clock_lines_sent_total", "Lines handed to the kernel whole.", &s.Sent, nil)
	m.counter("clock_lines_dropped_total", "Lines that a client was too slow to take.", &s.Dropped, nil)
	for r := range clock.Reasons {
		name, help := "clock_disconnects_total", "Connections that were let in and have ended, by reason."
		if r.Refused() {
			name, help = "clock_connections_rejected_total", "Connections that were not let in, by reason."
		}
		m.counter(name, help, &s.Ended[r], prometheus.Labels{"reason": r.String()})
	}
}

func (m *Metrics) counter(name, help string, n *atomic.Int64, labels prometheus.Labels) {
	opts := prometheus.CounterOpts{Name: name, Help: help, ConstLabels: labels}
	m.registry.MustRegister(prometheus.NewCounterFunc(opts, func() float64 { return float64(n.Load()) }))
}

func (m *Metrics) gauge(name, help string, value func() float64, labels prometheus.Labels) {
	opts := prometheus.GaugeOpts{Name: name, Help: help, ConstLabels: labels}
	m.registry.MustRegister(prometheus.NewGaugeFunc(opts, value))
}

// Sent observes one line.
func (m *Metrics) Sent(due, now time.Time) {
	// A wall clock that was set back meanwhile makes no line early.
	m.lag.Observe(max(0, now.Sub(due).Seconds()))
	if m.span != nil {
		m.span.sent(due, now)
	}
}

// Handler serves the metrics to Prometheus.
func (m *Metrics) Handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{})
}
