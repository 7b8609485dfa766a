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

// The files that a server has open for itself: for each loop two that gnet makes,
// its poller and what wakes that, and the two ends of our doorbell; for each
// hand-over a spare one, and what that is a duplicate of.
const (
	filesPerLoop     = 4
	filesPerHandover = 2
)

// Complete returns the options with which s serves: each zero value is replaced
// by its default. It returns an error if they make no sense.
func (s *Server) Complete() (clock.Options, error) {
	if s.Loops < 0 {
		return s.Options, fmt.Errorf("%d event loops: at least 1", s.Loops)
	}
	return s.Options.Complete(clock.Shared, filesPerLoop*s.loops()+filesPerHandover*handovers)
}

// loops returns the number of event loops.
func (s *Server) loops() int {
	if s.Loops == 0 {
		return runtime.GOMAXPROCS(0)
	}
	return s.Loops
}

// Serve serves the clients that come to ln until ctx is done, sees them off,
// and returns nil. It returns an error if the options make no sense or ln
// fails for good. In every case ln is closed when it returns. The connections
// of ln must be TCP or Unix ones; others are closed.
func (s *Server) Serve(ctx context.Context, ln net.Listener) error {
	defer func() { _ = ln.Close() }()
	opts, err := s.Complete()
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()

	r := &reactor{Options: opts, door: clock.Admit(ctx, ln, opts), send: s.send}
	if r.send == nil {
		r.send = sendLine
	}
	if err := r.start(s.loops()); err != nil {
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
