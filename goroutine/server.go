package goroutine

import (
	"context"
	"errors"
	"net"
	"sync"

	"clock"
	"clock/accept"
)

// A Server serves the clock with a goroutine per connection. Its own ticker is
// [clock.PerConn].
type Server struct {
	clock.Options

	// Sequential serves one client at a time while the next ones wait. It
	// cannot be had with the shared ticker.
	Sequential bool
}

// ErrSequentialShared is the reason why a sequential server has no shared
// ticker.
var ErrSequentialShared = errors.New("a sequential server has one client at a time, and nobody to share a ticker with")

// ownFiles is the number of files that a server has open for itself: what tells
// who has hung up.
const ownFiles = 1

// Complete returns the options with which s serves: each zero value is replaced
// by its default. It returns an error if they make no sense.
func (s *Server) Complete() (clock.Options, error) {
	if s.Sequential && s.Ticker == clock.Shared {
		return s.Options, ErrSequentialShared
	}
	return s.Options.Complete(clock.PerConn, ownFiles)
}

// Serve serves the clients that come to ln until ctx is done, closes their
// connections, and returns nil. It returns an error if the options make no sense
// or ln fails for good. In every case ln is closed when it returns.
func (s *Server) Serve(ctx context.Context, ln net.Listener) error {
	defer func() { _ = ln.Close() }()
	opts, err := s.Complete()
	if err != nil {
		return err
	}
	hangups, err := newHangups()
	if err != nil {
		return err
	}
	defer hangups.close()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()

	srv := &server{opts: opts}
	config := accept.ConfigOf(opts)
	config.MakeRoom = func(helps func(net.Addr) bool) bool { return srv.watchdog.makeRoom(helps) }
	srv.acceptor = accept.New(ctx, ln, config)
	srv.watchdog = newWatchdog(srv, hangups)
	var helpers sync.WaitGroup
	if opts.Ticker == clock.Shared {
		srv.board = newBoard(opts)
		helpers.Go(func() { srv.board.run(srv.acceptor.Context()) })
	}
	gone := make(chan struct{})
	helpers.Go(func() { srv.watchdog.run(s.Sequential) })
	helpers.Go(func() { srv.watchdog.drain(gone) })
	if s.Sequential {
		err = srv.sequential()
	} else {
		err = srv.concurrent()
	}
	err = srv.acceptor.Closed(err)
	cancel()
	<-srv.acceptor.Empty()
	close(gone)
	srv.handlers.Wait()
	helpers.Wait()
	return err
}

// A server is one call of Serve.
type server struct {
	opts     clock.Options
	acceptor *accept.Acceptor
	board    *board // of the shared ticker; nil if each client has its own
	watchdog *watchdog
	handlers sync.WaitGroup // the goroutines that run handleConn
}

// sequential is the book's clock1.
func (s *server) sequential() error {
	for {
		conn, err := s.acceptor.Accept()
		if err != nil {
			return err
		}
		s.handleConn(conn, s.first()) // handle one connection at a time
	}
}

// concurrent is the book's clock2.
func (s *server) concurrent() error {
	for {
		conn, err := s.acceptor.Accept()
		if err != nil {
			return err
		}
		go s.handleConn(conn, s.first()) // handle connections concurrently
	}
}
