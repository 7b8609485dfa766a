//go:build unix

package accept

import (
	"syscall"

	"golang.org/x/sys/unix"

	"clock"
)

// isReadable reports whether a read from fd, or an accept, would not block.
func isReadable(fd uintptr) bool {
	fds := []unix.PollFd{{Fd: int32(fd), Events: unix.POLLIN}}
	n, err := unix.Poll(fds, 0)
	return err == nil && n > 0
}

// DiscardInput throws away what a client has sent to the socket fd and nobody
// has read. The kernel would otherwise answer close with a reset in place of
// FIN, and the reset may cost the client its last line (RFC 2525, 2.17).
// The socket must be non-blocking.
func DiscardInput(fd int) {
	var buf [512]byte // on the stack of a goroutine per connection
	for range clock.MaxUnread / len(buf) {
		n, err := unix.Read(fd, buf[:])
		if n <= 0 && err != syscall.EINTR {
			return
		}
	}
}
