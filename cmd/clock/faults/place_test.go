//go:build linux && faults

package faults

import (
	"fmt"
	"runtime"
	"testing"

	"golang.org/x/sys/unix"
)

// A place is where processes are started and sockets are made: a thread, which
// may be in a network namespace of its own. What it starts is killed with it.
type place struct {
	calls chan func()
}

// home makes a place in the network of this machine, for the length of a test.
func home(t *testing.T) *place {
	t.Helper()
	return newPlace(t, func() error { return nil })
}

// namespace makes a place in a new network namespace that has a loopback and
// nothing else. It skips the test where none may be made.
func namespace(t *testing.T) *place {
	t.Helper()
	return newPlace(t, func() error {
		if err := unix.Unshare(unix.CLONE_NEWNET); err != nil {
			return fmt.Errorf("needs a network namespace: %w: run it as root, in a container with CAP_SYS_ADMIN", err)
		}
		return loopbackUp()
	})
}

func newPlace(t *testing.T, enter func() error) *place {
	t.Helper()
	p := &place{calls: make(chan func())}
	entered := make(chan error)
	go func() {
		runtime.LockOSThread() // and never unlock: the thread ends with the goroutine
		entered <- enter()
		for f := range p.calls {
			f()
		}
	}()
	t.Cleanup(func() { close(p.calls) })
	if err := <-entered; err != nil {
		t.Skip(err)
	}
	return p
}

// do runs f on the thread of the place and waits for it. A socket that f makes
// is in the place's network, and so is a process that it starts; the goroutines
// that f starts are not. f must not call do, nor end the test.
func (p *place) do(f func()) {
	done := make(chan struct{})
	p.calls <- func() {
		defer close(done)
		f()
	}
	<-done
}

// loopbackUp brings up the loopback of this thread's network.
func loopbackUp() error {
	fd, err := unix.Socket(unix.AF_INET, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return err
	}
	defer unix.Close(fd)
	request, err := unix.NewIfreq("lo")
	if err != nil {
		return err
	}
	request.SetUint16(unix.IFF_UP | unix.IFF_RUNNING)
	return unix.IoctlIfreq(fd, unix.SIOCSIFFLAGS, request)
}
