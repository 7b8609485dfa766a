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

// maxNap is the longest sleep that nothing ends before its time: a goroutine
// notices after it that the server has stopped, or that its client has left.
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

// Serve serves the clients that come to ln until ctx is done, sees them off,
// and returns nil. It returns an error if the options make no sense or ln
// fails for good. In every case ln is closed when it returns.
func (s *Server) Serve(ctx context.Context, ln net.Listener) error {
	defer func() { _ = ln.Close() }()
	opts, err := s.Complete()
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	hangups, err := newHangups()
	if err != nil {
		return err
	}
	defer hangups.close()
	door := clock.Admit(ctx, ln, opts)

	srv := &server{
		Options:    opts,
		Sequential: s.Sequential,
		door:       door,
		stop:       door.Context().Done(),
		lapTime:    min(max(opts.Interval, minLap), opts.WriteTimeout/4),
		hangups:    hangups,
		clients:    make(map[uint64]*client),
		halfClosed: make(map[uint64]*client),
	}
	srv.lap.Store(1)
	door.MakeRoom = srv.makeRoom
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
	srv.handlers.Wait()
	helpers.Wait()
	return err
}

// A server is one call of Serve.
type server struct {
	clock.Options
	Sequential bool

	door     *clock.Admission
	stop     <-chan struct{} // closed when the server stops
	board    *board          // of the shared ticker
	handlers sync.WaitGroup  // the goroutines of the clients

	lapTime time.Duration
	lap     atomic.Int64 // counts the rounds of the watchdog from 1
	drained atomic.Bool  // the drain time is over
	hangups *hangups

	mu         sync.Mutex
	entered    uint64             // guarded by mu: numbers the clients
	clients    map[uint64]*client // guarded by mu
	halfClosed map[uint64]*client // guarded by mu: those of them that have shut down their sending half
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
	defer s.handlers.Done()
	if s.board != nil {
		s.join(c)
		return
	}
	s.leave(c, reason(s.tick(c)))
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
		if !s.sleep(c) {
			return nil
		}
	}
}

// join writes the time to a new client, and has it follow the board. To format
// the time, this goroutine has grown its stack from 2 KB to 4 KB; one that
// starts afresh does with 2 KB for as long as the client stays.
func (s *server) join(c *client) {
	seen := s.board.newest()
	now := s.Wall(time.Now())
	if err := s.write(c, s.Face.Append(nil, now), now); err != nil {
		s.leave(c, reason(err))
		return
	}
	s.handlers.Go(func() { s.leave(c, reason(s.follow(c, seen, s.board.ticker.Floor(now).UnixNano()))) })
}

// follow writes each line that comes up on the board, other than that of the
// tick which the client was shown. A client too slow for a line finds a newer
// one there when it comes back.
func (s *server) follow(c *client, seen *notice, shown int64) error {
	for {
		next := s.board.next(seen, &c.left)
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
