//go:build unix

package eventloop

import (
	"io"
	"net"
	"os"

	"golang.org/x/sys/unix"
)

// newPipe returns a pipe and the connection that hears what is written to it.
func newPipe() (io.WriteCloser, net.Conn, error) {
	fds, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM, 0)
	if err != nil {
		return nil, nil, os.NewSyscallError("socketpair", err)
	}
	for _, fd := range fds {
		unix.CloseOnExec(fd)
	}
	inner := os.NewFile(uintptr(fds[1]), "waker")
	defer inner.Close()
	conn, err := net.FileConn(inner)
	if err != nil {
		_ = unix.Close(fds[0])
		return nil, nil, err
	}
	return socket(fds[0]), conn, nil
}

// A socket is one that is not in the runtime's poller, which would wake up each
// time the loop has read from the other end.
type socket int

// Write implements [io.Writer].
func (s socket) Write(b []byte) (int, error) { return unix.Write(int(s), b) }

// Close implements [io.Closer].
func (s socket) Close() error { return unix.Close(int(s)) }
