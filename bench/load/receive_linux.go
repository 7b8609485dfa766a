package load

import (
	"unsafe"

	"golang.org/x/sys/unix"
)

// A receiver reads sockets, together with the kernel's timestamps. Its buffers
// are used for one read after another, so that reading allocates nothing. It
// must not be copied.
type receiver struct {
	data    [4096]byte
	control [64]byte // one timestamp needs 32
	iov     unix.Iovec
	msg     unix.Msghdr
}

// receive reads from a non-blocking socket: n bytes of data. It returns when
// the last of them arrived, in nanoseconds since 1970, or 0 if the kernel has
// not stamped them. The call is raw, for it never blocks.
func (r *receiver) receive(fd int) (n int, arrival int64, err error) {
	r.iov.Base = &r.data[0]
	r.iov.SetLen(len(r.data))
	r.msg.Iov = &r.iov
	r.msg.SetIovlen(1)
	r.msg.Control = &r.control[0]
	r.msg.SetControllen(len(r.control))
	got, _, errno := unix.RawSyscall(unix.SYS_RECVMSG, uintptr(fd), uintptr(unsafe.Pointer(&r.msg)), unix.MSG_DONTWAIT)
	if errno != 0 {
		return 0, 0, errno
	}
	return int(got), r.stamp(), nil
}

// stamp returns the timestamp among the control messages.
func (r *receiver) stamp() int64 {
	header := (*unix.Cmsghdr)(unsafe.Pointer(&r.control[0]))
	if int(r.msg.Controllen) < unix.CmsgSpace(int(unsafe.Sizeof(unix.Timespec{}))) ||
		header.Level != unix.SOL_SOCKET || header.Type != unix.SO_TIMESTAMPNS {
		return 0
	}
	t := (*unix.Timespec)(unsafe.Pointer(&r.control[unix.CmsgLen(0)]))
	return t.Nano()
}
