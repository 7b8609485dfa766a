package eventloop

import (
	"unsafe"

	"golang.org/x/sys/unix"
)

// sendLine is send(2), and nothing else. It does not block, so the scheduler
// need not hear of it: RawSyscall spares each line the hand-over of the
// processor, by which Conn.Write costs a third more.
func sendLine(c *client, line []byte) (int, error) {
	n, _, errno := unix.RawSyscall6(unix.SYS_SENDTO, uintptr(c.fd),
		uintptr(unsafe.Pointer(unsafe.SliceData(line))), uintptr(len(line)),
		unix.MSG_DONTWAIT|unix.MSG_NOSIGNAL, 0, 0)
	switch errno {
	case 0:
		return int(n), nil
	case unix.EAGAIN, unix.EINTR, unix.ENOBUFS, unix.ENOMEM:
		return 0, nil
	}
	return 0, errno
}
