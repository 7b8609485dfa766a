//go:build unix

package clocktest

import (
	"syscall"

	"golang.org/x/sys/unix"
)

// setReceiveBuffer gives a socket a small receive buffer before it connects.
// Later is too late: the server has been offered a large window by then. The
// kernel gathers lines for it by the thousand, and when it has shrunk, asks
// whether there is room again at intervals that double, up to two minutes.
func setReceiveBuffer(_, _ string, conn syscall.RawConn) error {
	var err error
	if e := conn.Control(func(fd uintptr) {
		err = unix.SetsockoptInt(int(fd), unix.SOL_SOCKET, unix.SO_RCVBUF, receiveBuffer)
	}); e != nil {
		return e
	}
	return err
}
