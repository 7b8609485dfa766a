package clocktest

import (
	"net"
	"testing"
	"time"

	"clock"
)

// The smallest buffers that Linux gives: together they hold a dozen lines.
const (
	sendBuffer    = 4608
	receiveBuffer = 2304
)

// A smallListener gives each connection a small send buffer.
type smallListener struct{ net.Listener }

func (l smallListener) Accept() (net.Conn, error) {
	conn, err := l.Listener.Accept()
	if err == nil {
		err = conn.(interface{ SetWriteBuffer(int) error }).SetWriteBuffer(sendBuffer)
	}
	return conn, err
}

// serveSmall starts a server whose connections hold few lines.
func (s suite) serveSmall(t *testing.T, o clock.Options) *server {
	t.Helper()
	return s.serveOn(t, smallListener{s.listen(t)}, o)
}

// dialSmall connects a client that takes few lines before it is slow.
func (s *server) dialSmall(t *testing.T) client {
	t.Helper()
	c := s.dial(t)
	if err := c.Conn.(interface{ SetReadBuffer(int) error }).SetReadBuffer(receiveBuffer); err != nil {
		t.Fatal(err)
	}
	return c
}

// slow stops reading until lines are lost, and reads on.
func (s suite) slow(t *testing.T) {
	srv := s.serveSmall(t, clock.Options{Interval: 2 * time.Millisecond})
	c := srv.dialSmall(t)
	last := c.line(t)
	eventually(t, "lines lost", func() bool { return srv.Dropped.Load() > 3 })
	resumed := time.Now()
	for last.Before(resumed) {
		at := c.line(t)
		if !at.After(last) {
			t.Fatalf("line %v after %v", at, last)
		}
		last = at
	}
	if n := srv.Connections(); n != 1 {
		t.Errorf("%d connections, want 1", n)
	}
}

// stalled never reads.
func (s suite) stalled(t *testing.T) {
	srv := s.serveSmall(t, clock.Options{Interval: 2 * time.Millisecond, WriteTimeout: 100 * time.Millisecond})
	srv.dialSmall(t)
	eventually(t, "stalled client dropped", func() bool { return srv.Ended[clock.ReasonSlow].Load() == 1 })
	srv.dial(t).lines(t, 3)
}

// stopWhileStalled stops a server that has a line in flight that nobody takes.
func (s suite) stopWhileStalled(t *testing.T) {
	srv := s.serveSmall(t, clock.Options{Interval: 2 * time.Millisecond, Drain: 50 * time.Millisecond})
	srv.dialSmall(t)
	eventually(t, "lines lost", func() bool { return srv.Dropped.Load() > 0 })
	srv.stop()
	if err := srv.result(t); err != nil {
		t.Errorf("Serve = %v, want nil", err)
	}
}
