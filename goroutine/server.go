// Package goroutine serves the clock as the book does: the program waits, and
// the runtime's poller and scheduler turn the waiting into events.
//
// There are three ways to run it, all in this file and its neighbour:
//
//   - Sequential is clock1, one client at a time: accept, then handle.
//   - The ticker per connection is clock2, a goroutine per connection: accept,
//     then go handle. Each writes the time and sleeps.
//   - The shared ticker is clock2 with another wait: each goroutine waits for
//     the board on which one ticker writes the line of each tick.
package goroutine

import (
	"context"
	"errors"
	"net"
	"sync"
	"time"

	"clock"
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

// Serve serves the clients that come to ln until ctx is done, sees them off,
// and returns nil. It returns an error if the options make no sense or ln
// fails for good. In every case ln is closed when it returns.
func (s *Server) Serve(ctx context.Context, ln net.Listener) error {
	opts, err := s.Complete(clock.PerConn)
	if err == nil && s.Sequential && opts.Ticker == clock.Shared {
		err = ErrSequentialShared
	}
	if err != nil {
		_ = ln.Close()
		return err
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()

	srv := &server{
		Options: opts,
		stop:    ctx.Done(),
		door:    clock.Admit(ctx, ln, opts),
		conns:   make(map[net.Conn]struct{}),
	}
	switch {
	case s.Sequential:
		srv.serve = srv.tick
		err = srv.sequential()
	case opts.Ticker == clock.PerConn:
		srv.serve = srv.tick
		err = srv.concurrent()
	default:
		srv.board = newBoard(opts)
		go srv.board.run(ctx)
		srv.serve = srv.follow
		err = srv.concurrent()
	}
	err = srv.door.Closed(err)
	cancel()
	srv.drain()
	return err
}

// A server is one call of Serve.
type server struct {
	clock.Options
	door  *clock.Admission
	serve func(*client) error // tick or follow
	stop  <-chan struct{}     // closed when the server stops
	board *board              // of the shared ticker

	mu    sync.Mutex
	conns map[net.Conn]struct{} // guarded by mu
}

// sequential is the book's clock1.
func (s *server) sequential() error {
	for {
		conn, err := s.door.Accept()
		if err != nil {
			return err
		}
		s.handle(conn) // handle one connection at a time
	}
}

// concurrent is the book's clock2.
func (s *server) concurrent() error {
	for {
		conn, err := s.door.Accept()
		if err != nil {
			return err
		}
		go s.handle(conn) // handle connections concurrently
	}
}

// handle serves one client until it leaves or the server stops.
func (s *server) handle(conn net.Conn) {
	s.enter(conn)
	err := s.serve(&client{Conn: conn, took: time.Now()})
	s.leave(conn, err)
}

// tick is the loop of the book's handleConn: write the time, sleep, again.
// The sleep begins after the write, so the ticks drift by what a write and a
// wake-up take.
func (s *server) tick(c *client) error {
	timer := time.NewTimer(s.Interval)
	defer timer.Stop()
	var line []byte
	for {
		line = s.Face.Append(line[:0], s.Wall(time.Now()))
		if err := s.write(c, line); err != nil {
			return err // e.g., client disconnected
		}
		timer.Reset(s.Interval)
		select {
		case <-timer.C:
		case <-s.stop:
			return nil
		}
	}
}

// follow writes the time, then each line that comes up on the board. A client
// too slow for a line finds a newer one there when it comes back.
func (s *server) follow(c *client) error {
	seen := s.board.newest()
	now := s.Wall(time.Now())
	shown := s.board.ticker.Floor(now)
	if err := s.write(c, s.Face.Append(nil, now)); err != nil {
		return err
	}
	for {
		seen = s.board.next(seen)
		switch {
		case seen == nil:
			return nil // the server stops
		case seen.tick.Equal(shown):
			continue // the client came in this very tick, and has its line
		}
		shown = seen.tick
		if err := s.write(c, seen.line); err != nil {
			return err
		}
	}
}
