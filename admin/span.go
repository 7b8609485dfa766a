package admin

import (
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"clock"
)

// A span measures how long the lines of each tick of a shared ticker take, from
// the first to the last. It takes a tick to be over when the next one begins;
// what a slow client takes of it later is late, and no part of the span.
type span struct {
	seconds prometheus.Histogram
	ticker  clock.Ticker
	start   time.Time // the origin of tick's moments, which are monotonic
	current atomic.Pointer[tick]
}

// A tick is one that is being sent.
type tick struct {
	due   int64 // on the wall clock, Unix ns
	first time.Duration
	last  atomic.Int64 // a time.Duration, as first is
}

func newSpan(interval time.Duration) *span {
	return &span{
		seconds: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name:    "clock_tick_span_seconds",
			Help:    "Time from the first to the last line of a tick of the shared ticker, observed when the next one begins.",
			Buckets: buckets,
		}),
		ticker: clock.Ticker{Interval: interval},
		start:  time.Now(),
	}
}

// sent notes a line. Only a new tick allocates.
func (s *span) sent(due, now time.Time) {
	dueNano, moment := due.UnixNano(), now.Sub(s.start)
	for {
		cur := s.current.Load()
		switch {
		case cur != nil && cur.due == dueNano:
			cur.extend(int64(moment))
			return
		case !s.ticker.Floor(due).Equal(due):
			return // the first line of a new client, due when it came
		case cur != nil && dueNano < cur.due && now.UnixNano() >= cur.due-int64(s.ticker.Interval):
			return // a line of a tick before, that the client was slow to take
		}
		// A new tick; or an earlier one, if the wall clock was set back so far
		// that the Ticker goes back with it.
		if s.begin(cur, dueNano, moment) {
			return
		}
	}
}

// extend moves the last line to the moment, unless it is there already.
func (t *tick) extend(moment int64) {
	for last := t.last.Load(); moment > last; last = t.last.Load() {
		if t.last.CompareAndSwap(last, moment) {
			return
		}
	}
}

// begin makes a new tick the current one, in place of cur, and observes the
// span of that; unless somebody else has done so.
func (s *span) begin(cur *tick, due int64, moment time.Duration) bool {
	next := &tick{due: due, first: moment}
	next.last.Store(int64(moment))
	if !s.current.CompareAndSwap(cur, next) {
		return false
	}
	if cur != nil {
		s.seconds.Observe((time.Duration(cur.last.Load()) - cur.first).Seconds())
	}
	return true
}
