package accept_test

import (
	"net"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"clock"
	"clock/accept"
)

// A wrapped listener hides what it is, so that its connections inherit nothing.
type wrapped struct{ net.Listener }

func TestConnectionsAreTuned(t *testing.T) {
	const sendBuffer = 8 << 10
	for name, c := range map[string]struct {
		early bool // the client is there before the Acceptor
		wrap  func(net.Listener) net.Listener
	}{
		"as the listener is": {false, func(ln net.Listener) net.Listener { return ln }},
		"earlier than that":  {true, func(ln net.Listener) net.Listener { return ln }},
		"one by one":         {false, func(ln net.Listener) net.Listener { return wrapped{ln} }},
	} {
		t.Run(name, func(t *testing.T) {
			ln, err := accept.Listen(t.Context(), "tcp", "127.0.0.1:0")
			check(t, err)
			t.Cleanup(func() { _ = ln.Close() })
			dial := func() {
				client, err := net.Dial("tcp", ln.Addr().String())
				check(t, err)
				t.Cleanup(func() { _ = client.Close() })
			}
			if c.early {
				dial()
			}
			acceptor := accept.New(t.Context(), c.wrap(ln), accept.Config{MaxConns: 2, SendBuffer: sendBuffer, UserTimeout: time.Hour})
			if !c.early {
				dial()
			}
			conn, err := acceptor.Accept()
			check(t, err)
			t.Cleanup(func() { _ = conn.Close() })

			idle := option(t, conn, unix.IPPROTO_TCP, unix.TCP_KEEPIDLE)
			interval := option(t, conn, unix.IPPROTO_TCP, unix.TCP_KEEPINTVL)
			for _, o := range []struct {
				name        string
				got         int
				least, most int
			}{
				{"send buffer", option(t, conn, unix.SOL_SOCKET, unix.SO_SNDBUF), 2 * sendBuffer, 2 * sendBuffer},
				{"receive buffer", option(t, conn, unix.SOL_SOCKET, unix.SO_RCVBUF), 2 * clock.ReceiveBuffer, 2 * clock.ReceiveBuffer},
				{"no delay", option(t, conn, unix.IPPROTO_TCP, unix.TCP_NODELAY), 1, 1},
				{"keep-alive", option(t, conn, unix.SOL_SOCKET, unix.SO_KEEPALIVE), 1, 1},
				{"seconds to the first probe", idle, 75, 105},
				{"milliseconds to the third lost probe", (idle + 3*interval) * 1000, 0, int(clock.UserTimeout.Milliseconds())},
				{"user timeout, ms", option(t, conn, unix.IPPROTO_TCP, unix.TCP_USER_TIMEOUT), 3600_000, 3600_000},
			} {
				if o.got < o.least || o.got > o.most {
					t.Errorf("%s: %d, want %d to %d", o.name, o.got, o.least, o.most)
				}
			}
		})
	}
}

// option returns an option of a connection's socket.
func option(t *testing.T, conn net.Conn, level, name int) (value int) {
	t.Helper()
	raw, err := conn.(*net.TCPConn).SyscallConn()
	check(t, err)
	check(t, raw.Control(func(fd uintptr) { value, err = unix.GetsockoptInt(int(fd), level, name) }))
	check(t, err)
	return value
}
