package accept

import (
	"net"
	"time"

	"golang.org/x/sys/unix"

	"clock"
)

// tuneListener sets on a TCP listener what its connections inherit from it, as
// they do on Linux (tcp_create_openreq_child): set once, it costs none of them a
// system call. It reports whether that worked.
func (c Config) tuneListener(ln net.Listener) bool {
	tcp, ok := ln.(*net.TCPListener)
	if !ok {
		return false
	}
	raw, err := tcp.SyscallConn()
	if err != nil {
		return false
	}
	options := []struct{ level, name, value int }{
		{unix.SOL_SOCKET, unix.SO_RCVBUF, clock.ReceiveBuffer},
		{unix.SOL_SOCKET, unix.SO_KEEPALIVE, 1},
		{unix.IPPROTO_TCP, unix.TCP_KEEPINTVL, int(clock.KeepAliveInterval.Seconds())},
		{unix.IPPROTO_TCP, unix.TCP_USER_TIMEOUT, int(c.userTimeout().Milliseconds())},
	}
	if c.SendBuffer > 0 {
		options = append(options, struct{ level, name, value int }{unix.SOL_SOCKET, unix.SO_SNDBUF, c.SendBuffer})
	}
	inherit := true
	if err := raw.Control(func(fd uintptr) {
		for _, o := range options {
			if err := unix.SetsockoptInt(int(fd), o.level, o.name, o.value); err != nil {
				inherit = false
			}
		}
	}); err != nil {
		return false
	}
	return inherit
}

// setUserTimeout sets how long what was sent may stay unacknowledged.
func setUserTimeout(conn *net.TCPConn, d time.Duration) {
	setTCPOption(conn, unix.TCP_USER_TIMEOUT, int(d.Milliseconds()))
}

// setKeepAliveIdle sets the silence after which a connection is probed.
func setKeepAliveIdle(conn *net.TCPConn, d time.Duration) {
	setTCPOption(conn, unix.TCP_KEEPIDLE, int(d.Seconds()))
}

func setTCPOption(conn *net.TCPConn, name, value int) {
	if raw, err := conn.SyscallConn(); err == nil {
		_ = raw.Control(func(fd uintptr) { _ = unix.SetsockoptInt(int(fd), unix.IPPROTO_TCP, name, value) })
	}
}
