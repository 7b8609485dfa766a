package floor

import (
	"cmp"
	"context"
	"fmt"
	"net"
	"os"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

// A socket is a client's: a bare file descriptor, non-blocking and known to
// nobody else, least of all to the runtime's poller.
type socket int32

// send hands the line to the kernel, and returns whether the client can be
// served on. RawSyscall keeps the scheduler out of it. The scheduler gets the
// processor for the accept loop, every 10 ms, when a function is called: hence
// not inlined.
//
//go:noinline
func (s socket) send(line []byte) bool {
	n, _, errno := unix.RawSyscall6(unix.SYS_SENDTO, uintptr(s),
		uintptr(unsafe.Pointer(unsafe.SliceData(line))), uintptr(len(line)),
		unix.MSG_DONTWAIT|unix.MSG_NOSIGNAL, 0, 0)
	switch errno {
	case 0:
		return int(n) == len(line)
	case unix.EAGAIN, unix.EINTR, unix.ENOBUFS, unix.ENOMEM:
		return true // it loses the line
	}
	return false
}

func (s socket) close() { _ = unix.Close(int(s)) }

// A listener accepts bare sockets: a net.Conn would cost memory, and the poller
// would be woken by all that happens to it.
type listener struct {
	file *os.File // a duplicate: the one of package net does not let us wait
	raw  syscall.RawConn
	tcp  bool
}

func newListener(ln net.Listener) (*listener, error) {
	filer, ok := ln.(interface{ File() (*os.File, error) })
	if !ok {
		return nil, fmt.Errorf("cannot accept from a %T: give a listener of TCP or of a Unix socket", ln)
	}
	file, err := filer.File()
	if err != nil {
		return nil, err
	}
	raw, err := file.SyscallConn()
	if err != nil {
		_ = file.Close()
		return nil, err
	}
	_, tcp := ln.Addr().(*net.TCPAddr)
	return &listener{file, raw, tcp}, nil
}

func (l *listener) close() { _ = l.file.Close() }

// accept calls admit with each client that comes, until ctx is done, which must
// close the listener, or an accept fails.
func (l *listener) accept(ctx context.Context, admit func(socket)) error {
	var failed error
	err := l.raw.Read(func(fd uintptr) (done bool) {
		for ctx.Err() == nil {
			client, _, errno := unix.RawSyscall6(unix.SYS_ACCEPT4, fd, 0, 0, unix.SOCK_NONBLOCK|unix.SOCK_CLOEXEC, 0, 0)
			switch errno {
			case 0:
				if l.tcp { // as package net does; an error means that it is gone, which send tells
					_ = unix.SetsockoptInt(int(client), unix.IPPROTO_TCP, unix.TCP_NODELAY, 1)
				}
				admit(socket(client))
			case unix.EAGAIN:
				return false
			case unix.EINTR, unix.ECONNABORTED:
			default:
				failed = os.NewSyscallError("accept4", errno)
				return true
			}
		}
		return true
	})
	return cmp.Or(failed, err)
}
