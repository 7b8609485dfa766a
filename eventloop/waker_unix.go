//go:build unix

package eventloop

import (
	"net"
	"os"

	"golang.org/x/sys/unix"
)

// A button is the outer socket of a doorbell. It is not in the runtime's
// poller, which would wake up each time the loop has read from the other.
type button struct{ fd int }

// newButton returns a button and the connection that it makes readable.
func newButton() (button, net.Conn, error) {
	fds, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM, 0)
	if err != nil {
		return button{}, nil, os.NewSyscallError("socketpair", err)
	}
	for _, fd := range fds {
		unix.CloseOnExec(fd)
	}
	b := button{fds[0]}
	file := os.NewFile(uintptr(fds[1]), "doorbell")
	defer file.Close()
	conn, err := net.FileConn(file)
	if err != nil {
		b.close()
		return button{}, nil, err
	}
	return b, conn, nil
}

// press never blocks, since the socket holds more than the one byte that is
// ever on its way.
func (b button) press() { _, _ = unix.Write(b.fd, []byte{0}) }

func (b button) close() { _ = unix.Close(b.fd) }
