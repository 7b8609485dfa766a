//go:build linux && faults

package faults

import (
	"net"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"clock"
)

// TestPeerVanishes takes down the link of a client: nothing that the server
// sends is acknowledged any more, nor refused. The kernel gives the connection
// up after the user timeout, or else would after a quarter of an hour; the
// server notices when it writes the next line.
func TestPeerVanishes(t *testing.T) {
	together(t, func(t *testing.T, v variant) {
		w := newWire(t)
		srv := w.start(t, v)
		before := srv.settledFiles(t)
		c := w.dial(t, srv)
		c.lines(t, 2)
		w.client.run(t, "ip", "link", "set", device, "down")
		took := within(t, "the connection is closed", 2*clock.UserTimeout, func() bool {
			return srv.files(t) <= before && srv.sockets(t).open == 0
		})
		t.Logf("closed %v after the link went down; the user timeout is %v", took, clock.UserTimeout)
		w.client.run(t, "ip", "link", "set", device, "up")
		w.dial(t, srv).lines(t, 2)
	})
}

// TestPeerVanishesBetweenLines does so to the client of a clock with a long
// interval, where nothing is sent: keep-alive finds it. A goroutine learns of
// it when it writes the next line, so that its file stays open until then.
func TestPeerVanishesBetweenLines(t *testing.T) {
	together(t, func(t *testing.T, v variant) {
		w := newWire(t)
		srv := w.start(t, v, "-interval=1h")
		before := srv.settledFiles(t)
		w.dial(t, srv).line(t)
		w.client.run(t, "ip", "link", "set", device, "down")
		limit := clock.KeepAliveIdle + clock.KeepAliveInterval + 2*clock.UserTimeout
		took := within(t, "the connection is gone", limit, func() bool { return srv.sockets(t).open == 0 })
		t.Logf("gone %v after the link went down", took)
		if v.engine == "gnet" {
			eventually(t, "its file is closed", func() bool { return srv.files(t) <= before })
		}
	})
}

// TestLinkIsDownForAWhile takes down the link of a client and up again: it is
// served on, and what it missed is not caught up on beyond what the socket held.
func TestLinkIsDownForAWhile(t *testing.T) {
	together(t, func(t *testing.T, v variant) {
		w := newWire(t)
		c := w.dial(t, w.start(t, v))
		c.lines(t, 2)
		w.client.run(t, "ip", "link", "set", device, "down")
		time.Sleep(3 * time.Second)
		w.client.run(t, "ip", "link", "set", device, "up")
		up := time.Now()
		for c.last.Before(up) {
			c.line(t)
		}
		t.Logf("a line for a time after the link was up came %v after that", time.Since(up))
		c.lines(t, 2)
	})
}

// TestPeerVanishesSilently has the host of a client forget its connection, as
// one does that is switched off and on again: it answers the next line with a
// reset.
func TestPeerVanishesSilently(t *testing.T) {
	needRoot(t)
	together(t, func(t *testing.T, v variant) {
		srv := start(t, v)
		before := srv.settledFiles(t)
		c := srv.dial(t)
		c.lines(t, 2)
		forget(t, c.Conn.(*net.TCPConn))
		took := within(t, "the connection is closed", clock.UserTimeout/2, func() bool {
			return srv.files(t) <= before && srv.sockets(t).open == 0
		})
		t.Logf("closed %v after the host forgot it", took)
		if log := srv.log(); len(log) > 0 {
			t.Errorf("the server says %q", log)
		}
	})
}

// forget closes a connection without a word to its peer: a socket that is being
// repaired (TCP_REPAIR, as when a process moves to another host) sends neither
// FIN nor RST.
func forget(t *testing.T, conn *net.TCPConn) {
	t.Helper()
	raw, err := conn.SyscallConn()
	if err == nil {
		if e := raw.Control(func(fd uintptr) {
			err = unix.SetsockoptInt(int(fd), unix.IPPROTO_TCP, unix.TCP_REPAIR, unix.TCP_REPAIR_ON)
		}); e != nil {
			t.Fatal(e)
		}
	}
	if err != nil {
		t.Skipf("needs TCP_REPAIR: %v: run it with CAP_NET_ADMIN", err)
	}
	_ = conn.Close()
}

// within is eventually with a limit of its own, and polls at leisure: to list
// connections, the kernel walks through a table of all that it could have.
func within(t *testing.T, what string, limit time.Duration, is func() bool) time.Duration {
	t.Helper()
	start := time.Now()
	for !is() {
		if time.Since(start) > limit {
			t.Fatalf("%s: not within %v", what, limit)
		}
		time.Sleep(250 * time.Millisecond)
	}
	return time.Since(start)
}
