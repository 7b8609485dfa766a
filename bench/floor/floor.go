// Package floor is the least that a clock server can be: a bare loop of
// send(2). What it costs is what the kernel alone costs, and the cost of a real
// server is told as a multiple of it.
//
// It keeps of the protocol what costs something: a client gets a line on
// accept, and then the same bytes as all others at each tick of the shared
// ticker. It leaves out what a server for users has to have:
//
//   - It never reads. What a client sends stays in its socket, and one that
//     leaves is noticed when a line cannot be sent to it.
//   - It keeps nothing to send later. A client without room for a line loses
//     it, and one with room for a part of it is closed.
//   - It has no limit on connections, no write timeout and no keep-alive, and
//     does not survive a failed accept.
//
// It needs Linux.
package floor

import (
	"cmp"
	"context"
	"fmt"
	"net"
	"time"

	"clock"
)

// A Server is the floor. The zero value serves the default line each second.
type Server struct {
	Face     clock.Face
	Interval time.Duration // 0 means clock.DefaultInterval
}

// Serve serves the clients that come to ln until ctx is done, closes their
// connections, and returns nil. It returns an error if the interval makes no
// sense, ln is neither TCP nor Unix, an accept fails, or this is not Linux. In
// every case ln is closed when it returns. To close ln does not end it, for it
// accepts from a duplicate.
func (s *Server) Serve(ctx context.Context, ln net.Listener) error {
	defer func() { _ = ln.Close() }()
	ticker := clock.Ticker{Interval: cmp.Or(s.Interval, clock.DefaultInterval)}
	if ticker.Interval < clock.MinInterval {
		return fmt.Errorf("interval %v is too short: at least %v", ticker.Interval, clock.MinInterval)
	}
	return serve(ctx, ln, s.Face, ticker)
}
