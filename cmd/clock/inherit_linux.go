package main

import (
	"errors"
	"fmt"
	"net"
	"os"

	"github.com/coreos/go-systemd/v22/activation"
	"golang.org/x/sys/unix"

	"clock/address"
)

// inherited returns the socket that systemd has opened for this process
// (sd_listen_fds(3)), or nil if there is none. Closing it closes it here alone,
// and removes no file: it stays systemd's, and clients can connect to it while
// nobody serves them.
func inherited() (net.Listener, error) {
	files := activation.Files(true)
	switch len(files) {
	case 0:
		return nil, nil
	case 1:
		ln, err := listener(files[0])
		if err != nil {
			return nil, fmt.Errorf("cannot serve the socket that systemd passes: %w: its unit needs one ListenStream= and no Accept=yes", err)
		}
		return ln, nil
	}
	return nil, fmt.Errorf("systemd passes %d sockets, clock serves one: its unit needs one ListenStream=", len(files))
}

// listener takes a listening stream socket over.
func listener(file *os.File) (net.Listener, error) {
	switch listens, err := unix.GetsockoptInt(int(file.Fd()), unix.SOL_SOCKET, unix.SO_ACCEPTCONN); {
	case err != nil:
		return nil, os.NewSyscallError("getsockopt", err)
	case listens == 0:
		return nil, errors.New("it does not listen")
	}
	ln, err := net.FileListener(file)
	if err != nil {
		return nil, err
	}
	_ = file.Close() // ln has a copy
	return ln, address.CheckNetwork(ln.Addr().Network())
}
