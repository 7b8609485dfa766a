package engine

import (
	"context"
	"fmt"
	"sync/atomic"
	"time"

	"clock"
)

// livenessCheck is how often a server is checked.
const livenessCheck = time.Second

// A liveness tells whether a server is alive. It counts the checks in a row
// without a line, and not the time: a process that was stopped is as alive
// after that as it was before.
type liveness struct {
	still atomic.Int64 // checks since the last line, while clients are connected
	limit int64        // more are too many
}

// newLiveness returns that of a server with these options, which are
// complete. A server that works does something about each client within an
// interval, after which a line is due, and the write timeout, after which a
// client that takes nothing is dropped. It is given twice that, each rounded up
// to whole checks: four seconds at the least, since a busy machine may keep a
// process waiting for one.
func newLiveness(o clock.Options) *liveness {
	checks := o.Interval/livenessCheck + o.WriteTimeout/livenessCheck + 2
	return &liveness{limit: 2 * int64(checks)}
}

// watch counts until ctx is done.
func (l *liveness) watch(ctx context.Context, stats *clock.Stats) {
	ticker := time.NewTicker(livenessCheck)
	defer ticker.Stop()
	var last int64 // lines by the last check
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
		lines := stats.Sent.Load() + stats.Dropped.Load()
		if lines != last || stats.Connections() == 0 {
			l.still.Store(0)
		} else {
			l.still.Add(1)
		}
		last = lines
	}
}

// Alive returns an error if the server has clients, and has neither sent nor
// dropped a line for more than twice the sum of the interval and the write
// timeout. It may be called at any time, by several goroutines.
func (s *Server) Alive() error {
	if still := s.liveness.still.Load(); still > s.liveness.limit {
		return fmt.Errorf("no line sent for %v, with clients connected", time.Duration(still)*livenessCheck)
	}
	return nil
}
