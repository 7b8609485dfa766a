package load

import (
	"sync"
	"sync/atomic"
	"time"

	"clock"
)

// A worker has a share of the clients, and a tally of its own.
type worker interface {
	// adopt makes a connection that of the worker's first client, before work.
	adopt(*greeting)
	// work connects the clients and reads, until it is told to stop. It has
	// told the signals when its window is over.
	work(*signals)
	// count returns the tally, which is the worker's until work returns.
	count() *tally
	// report returns what the worker tells meanwhile.
	report() *status
}

// signals tell the workers what it is time for. They look every few
// milliseconds.
type signals struct {
	window atomic.Pointer[window]           // known some time before it opens
	ticker atomic.Pointer[clock.TickerKind] // the server's, if the config does not name it: likewise
	cut    atomic.Int64                     // when a window was ended early; 0 means it was not
	storm  atomic.Pointer[time.Time]        // when those who leave now come back
	stop   atomic.Bool
	open   sync.WaitGroup // the workers whose window is not over
}

// close returns when the window ends.
func (s *signals) close() int64 {
	to := s.window.Load().to
	if cut := s.cut.Load(); cut != 0 {
		return min(to, cut)
	}
	return to
}

// A status is what a worker tells while it works.
type status struct {
	served   atomic.Int64 // clients that have had their first line
	returned atomic.Int64 // the same, since the storm
	refused  atomic.Int64 // clients of the storm that never will
	ended    atomic.Int64 // behaving clients that have ended
	lines    atomic.Int64
	vote     struct{ clients, perConn, shared atomic.Int64 }
	soFar    atomic.Pointer[snapshot]
}

// ticker returns the vote on the server's ticker.
func (s *status) ticker() tickerVote {
	return tickerVote{s.vote.clients.Load(), s.vote.perConn.Load(), s.vote.shared.Load()}
}

// A snapshot is the window so far.
type snapshot struct {
	at             time.Time
	judged         *Histogram
	lines, missing int64
}

// snapshotInterval is how often a worker copies its histogram for whoever
// watches.
const snapshotInterval = time.Second

// publish tells what the tally says by now.
func (s *status) publish(t *tally, now time.Time) {
	s.served.Store(int64(t.connect.clients))
	s.returned.Store(int64(t.storm.clients))
	s.refused.Store(int64(t.storm.failed))
	s.ended.Store(int64(t.ended))
	s.lines.Store(t.total)
	s.vote.clients.Store(t.clues.ticker.clients)
	s.vote.perConn.Store(t.clues.ticker.perConn)
	s.vote.shared.Store(t.clues.ticker.shared)
	if t.lines == 0 {
		return
	}
	if last := s.soFar.Load(); last == nil || now.Sub(last.at) >= snapshotInterval {
		judged := NewHistogram()
		judged.Merge(t.judged())
		s.soFar.Store(&snapshot{now, judged, t.lines, t.missing})
	}
}
