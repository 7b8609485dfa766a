package eventloop

import (
	"context"
	"errors"
	"fmt"
	"net"
	"runtime"
	"sync"
	"time"

	"github.com/panjf2000/gnet/v2"

	"clock"
	"clock/accept"
)

const (
	// readBuffer is the size in bytes of a loop's buffer for input, which is
	// thrown away unread.
	readBuffer = 4 << 10

	// drainPoll is how often a server that stops looks whether the lines in
	// flight are through.
	drainPoll = 10 * time.Millisecond

	// The files that a server has open for itself: for each loop two of gnet's,
	// its poller and what wakes that, and the two ends of our waker; for each
	// hand-over a spare one, and what that is a duplicate of.
	filesPerLoop     = 4
	filesPerHandover = 2
)

// A Server serves the clock from event loops. Its own ticker is
// [clock.Shared].
type Server struct {
	clock.Options

	// Loops is the number of event loops; 0 means GOMAXPROCS.
	Loops int

	send sender // nil means the best for this system
}

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

// Serve serves the clients that come to ln until ctx is done, closes their
// connections, and returns nil. It returns an error if the options make no sense
// or ln fails for good. In every case ln is closed when it returns. The
// connections of ln must be TCP or Unix ones; others are closed.
func (s *Server) Serve(ctx context.Context, ln net.Listener) error {
	defer func() { _ = ln.Close() }()
	opts, err := s.Complete()
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()

	srv := &server{opts: opts, acceptor: accept.New(ctx, ln, accept.ConfigOf(opts)), send: s.send}
	if srv.send == nil {
		srv.send = sendLine
	}
	if opts.Ticker == clock.Shared {
		srv.board = newBoard(opts)
	}
	if err := srv.start(s.loops()); err != nil {
		return err
	}
	var ticking sync.WaitGroup
	if srv.board != nil {
		ticking.Go(func() { srv.board.run(srv.acceptor.Context(), srv.wakeAll) })
	}
	err = srv.acceptor.Closed(srv.concurrent())
	cancel()
	<-srv.acceptor.Context().Done()
	ticking.Wait()
	srv.drain()
	if stopErr := srv.stop(); err == nil {
		err = stopErr
	}
	return err
}

// A server is one call of Serve: gnet's event loops, and ours on them.
type server struct {
	gnet.BuiltinEventEngine
	opts     clock.Options
	acceptor *accept.Acceptor
	send     sender
	board    *board // of the shared ticker; nil if each client has its own
	reactor  *gnet.Client
	loops    map[gnet.EventLoop]*loop
}

// start starts n event loops, each with a waker. A gnet.Client, not a gnet server,
// because it takes connections that somebody else has accepted.
func (s *server) start(n int) (err error) {
	s.reactor, err = gnet.NewClient(s, gnet.WithOptions(gnet.Options{
		NumEventLoop:  n,
		TCPNoDelay:    gnet.TCPDelay, // leaves it as package net has set it: no delay
		ReadBufferCap: readBuffer,
		Logger:        logger{s.opts.Log},
	}))
	if err != nil {
		return err
	}
	if err := s.reactor.Start(); err != nil {
		return err
	}
	// gnet does not list its loops, but gives each new connection to the one
	// that has the fewest: the first n connections, our wakers, find them.
	s.loops = make(map[gnet.EventLoop]*loop, n)
	for range n {
		l := newLoop(s)
		if l.waker, err = newWaker(s.reactor, l); err != nil {
			return errors.Join(fmt.Errorf("cannot start an event loop: %w", err), s.stop())
		}
		s.loops[l.gnet] = l
	}
	return nil
}

// drain closes every connection, with FIN after a whole line. The rest of a line
// that a slow client has not taken yet has the drain time to get through.
func (s *server) drain() {
	empty := s.acceptor.Empty()
	drained := time.NewTimer(s.opts.Drain)
	defer drained.Stop()
	poll := time.NewTicker(drainPoll)
	defer poll.Stop()
	for now := closeIdle; ; {
		for _, l := range s.loops {
			l.ending.Store(int32(now))
		}
		s.wakeAll()
		select {
		case <-empty:
			return
		case <-drained.C:
			now = closeAll
		case <-poll.C:
		}
	}
}

// stop ends the event loops.
func (s *server) stop() error {
	err := s.reactor.Stop()
	for _, l := range s.loops {
		l.waker.close()
	}
	return err
}
