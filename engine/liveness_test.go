package engine

import (
	"context"
	"net"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"clock"
)

func TestLiveness(t *testing.T) {
	tests := []struct {
		when  string
		do    func(*clock.Stats)
		wait  time.Duration
		alive bool
	}{
		{"nobody comes", func(*clock.Stats) {}, time.Hour, true},
		{"one comes", func(s *clock.Stats) { s.Accepted.Add(1) }, 26 * time.Second, true},
		{"and gets nothing", func(*clock.Stats) {}, time.Second, false},
		{"and still nothing", func(*clock.Stats) {}, time.Hour, false},
		{"a line", func(s *clock.Stats) { s.Sent.Add(1) }, time.Second, true},
		{"and no other", func(*clock.Stats) {}, 27 * time.Second, false},
		{"it drops one", func(s *clock.Stats) { s.Dropped.Add(1) }, 27 * time.Second, true},
		{"and is stuck", func(*clock.Stats) {}, time.Second, false},
		{"the client leaves", func(s *clock.Stats) { s.Ended[clock.ReasonClient].Add(1) }, time.Second, true},
		{"nobody comes again", func(*clock.Stats) {}, time.Hour, true},
	}
	synctest.Test(t, func(t *testing.T) {
		ctx, stop := context.WithCancel(t.Context())
		defer stop()
		s := &Server{liveness: newLiveness(clock.Options{Interval: time.Second, WriteTimeout: 10 * time.Second})}
		stats := new(clock.Stats)
		go s.liveness.watch(ctx, stats)
		synctest.Wait() // it has started its ticker
		for _, tt := range tests {
			tt.do(stats)
			time.Sleep(tt.wait)
			synctest.Wait()
			if err := s.Alive(); (err == nil) != tt.alive {
				t.Errorf("%s: after %v alive is %v (%v), want %v", tt.when, tt.wait, err == nil, err, tt.alive)
			}
		}
	})
}

func TestLivenessOfAnyOptions(t *testing.T) {
	const forever = time.Duration(1<<63 - 1)
	tests := []struct {
		interval, writeTimeout time.Duration
		least, most            time.Duration // for which a server may be still; 0: any
	}{
		{clock.MinInterval, clock.MinInterval, 4 * time.Second, 5 * time.Second},
		{time.Minute, time.Second, 2 * time.Minute, 3 * time.Minute},
		{forever, forever, forever, 0},
	}
	for _, tt := range tests {
		limit := float64(newLiveness(clock.Options{Interval: tt.interval, WriteTimeout: tt.writeTimeout}).limit)
		if limit < tt.least.Seconds() || tt.most > 0 && limit > tt.most.Seconds() {
			t.Errorf("with an interval of %v and a write timeout of %v a server may be still for %v s, want %v to %v",
				tt.interval, tt.writeTimeout, limit, tt.least, tt.most)
		}
	}
}

// A stuckConn takes no line and knows no deadline, until it is closed.
type stuckConn struct {
	net.Conn
	closed chan struct{}
}

func (c *stuckConn) Write([]byte) (int, error)        { <-c.closed; return 0, net.ErrClosed }
func (c *stuckConn) SetWriteDeadline(time.Time) error { return nil }
func (c *stuckConn) RemoteAddr() net.Addr             { return nil }
func (c *stuckConn) Close() error                     { return nil }

// A listenerOfOne brings one connection, and then none.
type listenerOfOne struct {
	conn   chan net.Conn
	closed chan struct{}
	close  func()
}

func (l *listenerOfOne) Accept() (net.Conn, error) {
	select {
	case conn := <-l.conn:
		return conn, nil
	case <-l.closed:
		return nil, net.ErrClosed
	}
}

func (l *listenerOfOne) Close() error   { l.close(); return nil }
func (l *listenerOfOne) Addr() net.Addr { return &net.UnixAddr{Net: "unix"} }

func TestServerThatIsStuckIsNotAlive(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, err := New("goroutine", clock.Options{})
		if err != nil {
			t.Fatal(err)
		}
		ln := &listenerOfOne{conn: make(chan net.Conn, 1), closed: make(chan struct{})}
		ln.close = sync.OnceFunc(func() { close(ln.closed) })
		stuck := &stuckConn{closed: make(chan struct{})}
		ln.conn <- stuck
		ctx, stop := context.WithCancel(t.Context())
		served := make(chan error)
		go func() { served <- s.Serve(ctx, ln) }()

		time.Sleep(clock.DefaultInterval + clock.DefaultWriteTimeout)
		if err := s.Alive(); err != nil {
			t.Errorf("given up too early: %v", err)
		}
		time.Sleep(time.Minute)
		if err := s.Alive(); err == nil || !strings.Contains(err.Error(), "no line") {
			t.Errorf("after a minute without a line: %v", err)
		}
		close(stuck.closed)
		stop()
		if err := <-served; err != nil {
			t.Error(err)
		}
	})
}
