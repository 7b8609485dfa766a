package goroutine

import (
	"net"
	"os"

	"golang.org/x/sys/unix"
)

// hangups tells which clients have hung up, of all at once: an epoll instance
// of its own, beside the runtime's, which would tell only a goroutine that reads.
// A line costs nothing more by it: the kernel looks here when a connection ends,
// and not when it sends.
type hangups struct{ epoll int }

func newHangups() (*hangups, error) {
	epoll, err := unix.EpollCreate1(unix.EPOLL_CLOEXEC)
	if err != nil {
		return nil, os.NewSyscallError("epoll_create1", err)
	}
	return &hangups{epoll}, nil
}

// watch has hangups tell of a connection by its number. That ends when the
// connection is closed. One that cannot be watched ends all the same, at the
// second line that it does not take.
func (h *hangups) watch(conn net.Conn, number uint64) {
	event := unix.EpollEvent{
		Events: unix.EPOLLRDHUP | unix.EPOLLET&(1<<32-1),
		Fd:     int32(number), Pad: int32(number >> 32), // what the kernel keeps for us
	}
	control(conn, func(fd int) { _ = unix.EpollCtl(h.epoll, unix.EPOLL_CTL_ADD, fd, &event) })
}

// each calls f for each connection that has hung up since the last call: its
// client is gone, or else has shut down its sending half, which is also how the
// kernel sees one that is gone until a line is sent to it.
func (h *hangups) each(f func(number uint64, gone bool)) {
	var events [128]unix.EpollEvent
	for {
		n, err := unix.EpollWait(h.epoll, events[:], 0)
		if err == unix.EINTR {
			continue
		}
		for _, e := range events[:max(n, 0)] {
			f(uint64(uint32(e.Fd))|uint64(uint32(e.Pad))<<32, e.Events&(unix.EPOLLHUP|unix.EPOLLERR) != 0)
		}
		if n < len(events) {
			return
		}
	}
}

func (h *hangups) close() { _ = unix.Close(h.epoll) }
