//go:build unix

package eventloop

import "golang.org/x/sys/unix"

// A spare is a file descriptor held back for a hand-over, in which a connection
// has two for a moment. At the limit on open files the second could not be had,
// and the client would be lost, where it is to wait until there is room.
type spare struct{ socket, held int }

// newSpare returns a spare that is held.
func newSpare() *spare {
	s := &spare{-1, -1}
	if fd, err := unix.Socket(unix.AF_UNIX, unix.SOCK_STREAM, 0); err == nil {
		unix.CloseOnExec(fd)
		s.socket = fd
	}
	s.hold()
	return s
}

// hold takes a descriptor, if there is one to be had: a duplicate, which is
// cheaper than another file.
func (s *spare) hold() {
	if fd, err := unix.FcntlInt(uintptr(s.socket), unix.F_DUPFD_CLOEXEC, 0); err == nil {
		s.held = fd
	}
}

// release makes room for another file.
func (s *spare) release() {
	_ = unix.Close(s.held)
	s.held = -1
}

func (s *spare) close() {
	s.release()
	_ = unix.Close(s.socket)
}
