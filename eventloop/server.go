package eventloop

import (
	"context"
	"fmt"
	"net"
	"runtime"
	"sync"

	"golang.org/x/sync/errgroup"

	"clock"
)

const (
	// handovers is the number of goroutines that accept connections and hand
	// them to the loops. Handing over waits for the loop, which may be in the
	// middle of a chunk: with this many waiting, that many new clients have
	// their first line after each chunk.
	handovers = 8

	// readBuffer is the size in bytes of a loop's buffer for input, which is
	// thrown away unread.
	readBuffer = 4 << 10
)

// A Server serves the clock from event loops. Its own ticker is
// [clock.Shared].
type Server struct {
	clock.Options

	// Loops is the number of event loops; 0 means GOMAXPROCS.
	Loops int

	send sender // nil means the best for this system
}

// Serve serves the clients that come to ln until ctx is done, sees them off,
// and returns nil. It returns an error if the options make no sense or ln
// fails for good. In every case ln is closed when it returns. The connections
// of ln must be TCP or Unix ones; others are closed.
func (s *Server) Serve(ctx context.Context, ln net.Listener) error {
	defer func() { _ = ln.Close() }()
	opts, err := s.Complete(clock.Shared)
	switch {
	case err != nil:
		return err
	case s.Loops < 0:
		return fmt.Errorf("%d event loops: at least 1", s.Loops)
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()

	r := &reactor{Options: opts, door: clock.Admit(ctx, ln, opts), send: s.send}
	if r.send == nil {
		r.send = sendLine
	}
	n := s.Loops
	if n == 0 {
		n = runtime.GOMAXPROCS(0)
	}
	if err := r.start(n); err != nil {
		return err
	}
	var ticking sync.WaitGroup
	if r.board != nil {
		ticking.Go(func() { r.broadcast(r.door.Context()) })
	}
	var group errgroup.Group
	for range handovers {
		group.Go(r.admit)
	}
	err = r.door.Closed(group.Wait())
	cancel()
	<-r.door.Context().Done()
	ticking.Wait()
	r.seeOff()
	if stopErr := r.stop(); err == nil {
		err = stopErr
	}
	return err
}
