//go:build unix

package clock

import (
	"math"
	"syscall"

	"golang.org/x/sys/unix"
)

// connLimit returns the number of connections that the limit on open files
// leaves room for. reservedFiles are kept back, or a quarter of a small limit.
func connLimit() int {
	var limit unix.Rlimit
	if err := unix.Getrlimit(unix.RLIMIT_NOFILE, &limit); err != nil {
		return math.MaxInt32
	}
	files := int(min(uint64(limit.Cur), math.MaxInt32))
	return files - min(reservedFiles, files/4)
}

// DiscardInput throws away what a client has sent to the socket fd and nobody
// has read. The kernel would otherwise answer close with a reset in place of
// FIN, and the reset may cost the client its last line (RFC 2525, 2.17).
// The socket must be non-blocking.
func DiscardInput(fd int) {
	var buf [4 << 10]byte
	for range maxUnread / len(buf) {
		n, err := unix.Read(fd, buf[:])
		if n <= 0 && err != syscall.EINTR {
			return
		}
	}
}
