package floor

import (
	"context"
	"net"
	"runtime"
	"sync"
	"time"

	"clock"
)

// serve accepts clients and deals them out to a thread for each processor.
func serve(ctx context.Context, ln net.Listener, face clock.Face, ticker clock.Ticker) error {
	door, err := newListener(ln)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	closed := make(chan struct{})
	context.AfterFunc(ctx, func() {
		defer close(closed)
		door.close()
		_ = ln.Close()
	})

	shares := make([]*share, runtime.GOMAXPROCS(0))
	var threads sync.WaitGroup
	for i := range shares {
		shares[i] = &share{face: face, ticker: ticker}
		threads.Go(func() { shares[i].run(ctx) })
	}
	turn := 0
	err = door.accept(ctx, func(client socket) {
		shares[turn%len(shares)].admit(client)
		turn++
	})
	if ctx.Err() != nil {
		err = nil // told to stop
	}
	cancel()
	<-closed
	threads.Wait()
	for _, s := range shares {
		s.close()
	}
	return err
}

// A share is the clients that one thread serves.
type share struct {
	face   clock.Face
	ticker clock.Ticker

	clients []socket // in the order in which they came; the thread's own

	mu        sync.Mutex
	newcomers []newcomer // guarded by mu
}

// A newcomer has had its first line, but not yet one from the thread.
type newcomer struct {
	socket
	shown int64 // the tick at or before its first line, Unix ns
}

// admit greets a client and leaves it to the thread. The lock is held over all
// of it, so that a tick either comes before the greeting or finds the newcomer.
func (s *share) admit(client socket) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var line [clock.MaxLine]byte
	now := time.Now()
	if !client.send(s.face.Append(line[:0], now)) {
		client.close()
		return
	}
	s.newcomers = append(s.newcomers, newcomer{client, s.ticker.Floor(now).UnixNano()})
}

// run sends a line to each client at each tick, on a thread of its own, until
// ctx is done.
func (s *share) run(ctx context.Context) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	var line []byte
	for tick := range s.ticker.Ticks(ctx) {
		line = s.face.Append(line[:0], tick)
		s.takeIn(tick)
		s.broadcast(line)
	}
}

// takeIn makes clients of the newcomers, but for those that came in this very
// tick and have its line.
func (s *share) takeIn(tick time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	later := s.newcomers[:0]
	for _, n := range s.newcomers {
		if n.shown == tick.UnixNano() {
			later = append(later, n)
		} else {
			s.clients = append(s.clients, n.socket)
		}
	}
	s.newcomers = later
}

// broadcast sends the line to each client, and closes those that are gone.
func (s *share) broadcast(line []byte) {
	here := s.clients[:0]
	for _, c := range s.clients {
		if c.send(line) {
			here = append(here, c)
		} else {
			c.close()
		}
	}
	s.clients = here
}

// close closes every connection, once the thread has ended.
func (s *share) close() {
	for _, c := range s.clients {
		c.close()
	}
	for _, n := range s.newcomers {
		n.close()
	}
}
