package accept

import (
	"os"
	"syscall"

	"golang.org/x/sys/unix"
)

// reusePort lets other processes listen on the port of a socket that is not
// bound yet.
func reusePort(_, _ string, socket syscall.RawConn) error {
	var err error
	if failed := socket.Control(func(fd uintptr) {
		err = unix.SetsockoptInt(int(fd), unix.SOL_SOCKET, unix.SO_REUSEPORT, 1)
	}); failed != nil {
		return failed
	}
	return os.NewSyscallError("setsockopt SO_REUSEPORT", err)
}
