package clocktest

import (
	"net"
	"os"
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
