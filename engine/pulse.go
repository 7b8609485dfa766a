package engine

import (
	"context"
	"fmt"
	"sync/atomic"
	"time"

	"clock"
)

// pulseCheck is how often a pulse is felt.
const pulseCheck = time.Second

// A pulse tells whether a server is alive. It counts the checks in a row
// without a line, and not the time: a process that was stopped is as alive
// after that as it was before.
type pulse struct {
	still atomic.Int64 // checks since the last line, while clients are connected
	limit int64        // more are too many
}

// newPulse returns the pulse of a server with these options, which are
// complete. A server that works does something about each client within an
// interval, after which a line is due, and the write timeout, after which a
// client that takes nothing is dropped. It is given twice that, each rounded up
// to whole checks: four seconds at the least, since a busy machine may keep a
// process waiting for one.
func newPulse(o clock.Options) *pulse {
	checks := o.Interval/pulseCheck + o.WriteTimeout/pulseCheck + 2
	return &pulse{limit: 2 * int64(checks)}
}

// feel feels the pulse until ctx is done.
func (p *pulse) feel(ctx context.Context, stats *clock.Stats) {
	ticker := time.NewTicker(pulseCheck)
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
			p.still.Store(0)
		} else {
			p.still.Add(1)
		}
		last = lines
	}
}

// Alive returns an error if the server has clients, and has neither sent nor
// dropped a line for more than twice the sum of the interval and the write
// timeout. It may be called at any time, by several goroutines.
func (s *Server) Alive() error {
	if still := s.pulse.still.Load(); still > s.pulse.limit {
		return fmt.Errorf("no line sent for %v, with clients connected", time.Duration(still)*pulseCheck)
	}
	return nil
}
