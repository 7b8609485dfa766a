package clocktest

import (
	"net"
	"testing"
	"time"

	"clock"
)

// receiveBuffer, in bytes, is the smallest that Linux gives. With the smallest
// send buffer it holds a dozen lines, or a few hundred where the kernel gathers
// lines in the tail of one segment.
const receiveBuffer = 2304

// serveSmall starts a server whose connections hold few lines.
func (s suite) serveSmall(t *testing.T, o clock.Options) *server {
	t.Helper()
	o.SendBuffer = clock.MinSendBuffer
	return s.serve(t, o)
}

// dialSmall connects a client that takes few lines before it is slow.
func (s *server) dialSmall(t *testing.T) client {
	t.Helper()
	return s.dialWith(t, net.Dialer{Timeout: patience, Control: setReceiveBuffer})
}

// stall waits until the only client, which does not read, takes nothing more.
func (s *server) stall(t *testing.T) {
	t.Helper()
	sent, since := s.Sent.Load(), time.Now()
	eventually(t, "the client has stalled", func() bool {
		if now := s.Sent.Load(); now != sent {
			sent, since = now, time.Now()
		}
		return time.Since(since) > 20*slowTick
	})
}

// slowTick is the interval where a client is to fall behind.
const slowTick = 5 * time.Millisecond

// slow stops reading until it has stalled, and reads on.
func (s suite) slow(t *testing.T) {
	srv := s.serveSmall(t, clock.Options{Interval: slowTick, WriteTimeout: patience})
	c := srv.dialSmall(t)
	last := c.line(t)
	srv.stall(t)
	resumed := time.Now()
	var longest time.Duration
	for last.Before(resumed) {
		at := c.line(t)
		if !at.After(last) {
			t.Fatalf("line %v after %v", at, last)
		}
		longest = max(longest, at.Sub(last))
		last = at
	}
	if longest < 10*slowTick {
		t.Errorf("no gap longer than %v: the lines of the stall were kept", longest)
	}
	if n := srv.Connections(); n != 1 {
		t.Errorf("%d connections, want 1", n)
	}
}

// stalled never reads.
func (s suite) stalled(t *testing.T) {
	srv := s.serveSmall(t, clock.Options{Interval: slowTick, WriteTimeout: 100 * time.Millisecond})
	srv.dialSmall(t)
	eventually(t, "stalled client dropped", func() bool { return srv.Ended[clock.ReasonSlow].Load() == 1 })
	srv.dial(t).lines(t, 3)
}

// stopWhileStalled stops a server that has a line in flight that nobody takes.
func (s suite) stopWhileStalled(t *testing.T) {
	srv := s.serveSmall(t, clock.Options{Interval: slowTick, WriteTimeout: patience, Drain: 50 * time.Millisecond})
	srv.dialSmall(t)
	srv.stall(t)
	srv.stop()
	if err := srv.result(t); err != nil {
		t.Errorf("Serve = %v, want nil", err)
	}
}
