package accept

import (
	"net"

	"golang.org/x/sys/unix"

	"clock"
)

// A socketOption is one that a connection inherits from its listener on Linux
// (tcp_create_openreq_child).
type socketOption struct{ level, name, value int }

// inherited returns the options that are the same for all connections.
func (c Config) inherited() []socketOption {
	options := []socketOption{
		{unix.SOL_SOCKET, unix.SO_RCVBUF, clock.ReceiveBuffer},
		{unix.SOL_SOCKET, unix.SO_KEEPALIVE, 1},
		{unix.IPPROTO_TCP, unix.TCP_KEEPINTVL, int(clock.KeepAliveInterval.Seconds())},
		{unix.IPPROTO_TCP, unix.TCP_USER_TIMEOUT, int(c.userTimeout().Milliseconds())},
	}
	if c.SendBuffer > 0 {
		options = append(options, socketOption{unix.SOL_SOCKET, unix.SO_SNDBUF, c.SendBuffer})
	}
	return options
}

// tuneListener sets on a TCP listener what its connections inherit: set once, it
// costs none of them a system call.
func (c Config) tuneListener(ln net.Listener) {
	tcp, ok := ln.(*net.TCPListener)
	if !ok {
		return
	}
	if raw, err := tcp.SyscallConn(); err == nil {
		_ = raw.Control(func(fd uintptr) { setOptions(int(fd), c.inherited()) })
	}
}

// tuneTCP sets what a connection has not inherited: all, if it was there before
// its listener was tuned, or if that could not be. The user timeout tells, since
// nobody else sets it.
func (c Config) tuneTCP(conn *net.TCPConn) {
	raw, err := conn.SyscallConn()
	if err != nil {
		return
	}
	_ = raw.Control(func(fd uintptr) {
		timeout, err := unix.GetsockoptInt(int(fd), unix.IPPROTO_TCP, unix.TCP_USER_TIMEOUT)
		if err != nil || timeout != int(c.userTimeout().Milliseconds()) {
			setOptions(int(fd), c.inherited())
		}
		_ = unix.SetsockoptInt(int(fd), unix.IPPROTO_TCP, unix.TCP_KEEPIDLE, int(keepAliveIdle().Seconds()))
	})
}

func setOptions(fd int, options []socketOption) {
	for _, o := range options {
		_ = unix.SetsockoptInt(fd, o.level, o.name, o.value)
	}
}
