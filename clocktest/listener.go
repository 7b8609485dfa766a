package clocktest

import (
	"net"
	"os"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"

	"clock"
)

// A failingListener fails to accept for as long as it has a reason.
type failingListener struct {
	net.Listener
	reason atomic.Value // a syscall.Errno; 0 is none
}

func (l *failingListener) Accept() (net.Conn, error) {
	if errno := l.reason.Load().(syscall.Errno); errno != 0 {
		return nil, &net.OpError{Op: "accept", Net: l.Addr().Network(), Addr: l.Addr(), Err: os.NewSyscallError("accept4", errno)}
	}
	return l.Listener.Accept()
}

// acceptFails has accept fail with the errors of a busy machine. The server
// tries again, serves those inside meanwhile, and then those who wait.
func (s suite) acceptFails(t *testing.T) {
	const waiting = 20 // more than may be in the middle of an accept
	for _, errno := range []syscall.Errno{syscall.EMFILE, syscall.ENFILE, syscall.ENOMEM, syscall.ENOBUFS, syscall.EPROTO} {
		ln := &failingListener{Listener: s.listen(t)}
		ln.reason.Store(syscall.Errno(0))
		srv := s.serveOn(t, ln, clock.Options{Interval: tick})
		inside := srv.dial(t)
		inside.line(t)
		ln.reason.Store(errno)
		all := make([]client, waiting)
		for i := range all {
			all[i] = srv.dial(t)
		}
		eventually(t, "accept has failed", func() bool { return srv.AcceptErrors.Load() > 3 })
		inside.lines(t, 5)
		if n := srv.Accepted.Load(); n > waiting {
			t.Errorf("%v: %d clients accepted, want some to wait", errno, n)
		}
		ln.reason.Store(syscall.Errno(0))
		for _, c := range all {
			c.lines(t, 2)
		}
	}
}

// A slowListener takes its time to close: until it is released.
type slowListener struct {
	net.Listener
	once              sync.Once
	closing, released chan struct{}
}

func (l *slowListener) Close() error {
	l.once.Do(func() { close(l.closing) })
	<-l.released
	return l.Listener.Close()
}

// listenerFirst stops a server whose listener takes its time to close. The
// client is served on until then: nobody who is seen off finds a server that
// still listens, and stops.
func (s suite) listenerFirst(t *testing.T) {
	ln := &slowListener{Listener: s.listen(t), closing: make(chan struct{}), released: make(chan struct{})}
	srv := s.serveOn(t, ln, clock.Options{Interval: tick})
	c := srv.dial(t)
	c.line(t)
	srv.stop()
	<-ln.closing
	for range 10 {
		if _, err := c.next(); err != nil {
			t.Errorf("the connection ends with %v before the listener is closed", err)
			break
		}
	}
	close(ln.released)
	if err := c.rest(); err != nil {
		t.Errorf("the connection ends with %v, want EOF", err)
	}
}
