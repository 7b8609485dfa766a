//go:build linux && faults

package faults

import (
	"net"
	"strings"
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
		took := within(t, "the connection is closed", clock.UserTimeout+clock.KeepAliveInterval, func() bool {
			return srv.files(t) <= before && srv.sockets(t).open == 0
		})
		t.Logf("closed %v after the link went down; the user timeout is %v", took, clock.UserTimeout)
		w.client.run(t, "ip", "link", "set", device, "up")
		w.dial(t, srv).lines(t, 2)
	})
}

// TestPeerVanishesBetweenLines does so to the client of a clock with a long
// interval, where nothing is sent: keep-alive finds it.
func TestPeerVanishesBetweenLines(t *testing.T) {
	together(t, func(t *testing.T, v variant) {
		w := newWire(t)
		srv := w.start(t, v, "-interval=1h")
		before := srv.settledFiles(t)
		w.dial(t, srv).line(t)
		w.client.run(t, "ip", "link", "set", device, "down")
		took := within(t, "the connection is closed", clock.UserTimeout+2*clock.KeepAliveInterval, func() bool {
			return srv.files(t) <= before && srv.sockets(t).open == 0
		})
		t.Logf("closed %v after the link went down; the user timeout is %v", took, clock.UserTimeout)
	})
}

// TestLostProbesEndNobody loses two keep-alive probes to the client of a clock
// with a long interval, one after the other. The next one is answered, and the
// client stays.
func TestLostProbesEndNobody(t *testing.T) {
	needCommand(t, "iptables", "install iptables")
	together(t, func(t *testing.T, v variant) {
		w := newWire(t)
		srv := w.start(t, v, "-interval=1h")
		silent := net.Dialer{Timeout: patience, KeepAlive: -1} // else the client would send probes, too
		c := w.from(srv).dialWith(t, silent)
		c.line(t)
		w.client.need(t, "iptables", strings.Fields("iptables --wait -A INPUT -p tcp -j DROP")...)
		took := within(t, "two probes are lost", clock.UserTimeout, func() bool { return w.client.ruled(t) >= 2 })
		w.client.run(t, strings.Fields("iptables --wait -R INPUT 1 -p tcp")...)
		within(t, "a probe comes through", 2*clock.KeepAliveInterval, func() bool { return w.client.ruled(t) > 0 })
		t.Logf("two probes were lost in %v", took)
		time.Sleep(clock.KeepAliveInterval)
		if is := srv.sockets(t); is.served != 1 {
			t.Errorf("%d connections are open at the clock's end, want that of the client", is.served)
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
		took := within(t, "the connection is closed", 15*time.Second, func() bool {
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
