package goroutine

import (
	"context"
	"errors"
	"net"
	"sync"
	"sync/atomic"
	"time"

	"clock"
)

// maxNap bounds the sleep between two looks at whether the server stops.
const maxNap = time.Second

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
	defer func() { _ = ln.Close() }()
	opts, err := s.Complete(clock.PerConn)
	switch {
	case err != nil:
		return err
	case s.Sequential && opts.Ticker == clock.Shared:
		return ErrSequentialShared
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	door := clock.Admit(ctx, ln, opts)

	srv := &server{
		Options: opts,
		door:    door,
		stop:    door.Context().Done(),
		lapTime: min(max(opts.Interval, minLap), opts.WriteTimeout/4),
		clients: make(map[*client]struct{}),
	}
	srv.lap.Store(1)
	var helpers sync.WaitGroup
	if opts.Ticker == clock.Shared {
		srv.board = newBoard(opts)
		helpers.Go(func() { srv.board.run(door.Context()) })
	}
	helpers.Go(srv.watch)
	gone := make(chan struct{})
	helpers.Go(func() { srv.drain(gone) })
	if s.Sequential {
		err = srv.sequential()
	} else {
		err = srv.concurrent()
	}
	err = srv.door.Closed(err)
	cancel()
	<-srv.door.Empty()
	close(gone)
	helpers.Wait()
	return err
}

// A server is one call of Serve.
type server struct {
	clock.Options
	door  *clock.Admission
	stop  <-chan struct{} // closed when the server stops
	board *board          // of the shared ticker

	lapTime time.Duration
	lap     atomic.Int64 // counts the rounds of watch from 1
	drained atomic.Bool  // the drain time is over

	mu      sync.Mutex
	clients map[*client]struct{} // guarded by mu
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
	c := s.enter(conn)
	if s.board != nil {
		s.join(c)
		return
	}
	s.leave(c, s.tick(c))
}

// tick is the loop of the book's handleConn: write the time, sleep, again.
// The sleep begins after the write, so the ticks drift by what a write and a
// wake-up take.
func (s *server) tick(c *client) error {
	var line []byte
	now := s.Wall(time.Now())
	for due := now; ; due, now = now.Add(s.Interval), s.Wall(time.Now()) {
		line = s.Face.Append(line[:0], now)
		if err := s.write(c, line, due); err != nil {
			return err // e.g., client disconnected
		}
		if !s.sleep(s.Interval) {
			return nil
		}
	}
}

// sleep is time.Sleep, unless the server stops: false.
func (s *server) sleep(d time.Duration) bool {
	for ; d > 0; d -= maxNap {
		time.Sleep(min(d, maxNap))
		select {
		case <-s.stop:
			return false
		default:
		}
	}
	return true
}

// join writes the time to a new client, and has it follow the board. To format
// the time, this goroutine has grown its stack from 2 KB to 4 KB; one that
// starts afresh does with 2 KB for as long as the client stays.
func (s *server) join(c *client) {
	seen := s.board.newest()
	now := s.Wall(time.Now())
	if err := s.write(c, s.Face.Append(nil, now), now); err != nil {
		s.leave(c, err)
		return
	}
	go func() { s.leave(c, s.follow(c, seen, s.board.ticker.Floor(now).UnixNano())) }()
}

// follow writes each line that comes up on the board, other than that of the
// tick which the client was shown. A client too slow for a line finds a newer
// one there when it comes back.
func (s *server) follow(c *client, seen *notice, shown int64) error {
	for {
		next := s.board.next(seen)
		if next == nil {
			return nil // the server stops
		}
		if seen != nil {
			s.Stats.Dropped.Add(next.number - seen.number - 1)
		}
		seen = next
		if seen.tick.UnixNano() == shown {
			continue // the client came in this very tick, and has its line
		}
		shown = seen.tick.UnixNano()
		if err := s.write(c, seen.line, seen.tick); err != nil {
			return err
		}
	}
}
