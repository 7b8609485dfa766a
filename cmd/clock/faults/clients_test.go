//go:build linux && faults

package faults

import (
	"errors"
	"io"
	"net"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// TestHalfClose has a client shut down its sending half and read on. A
// goroutine serves it on; gnet takes the end of input for the client's end.
func TestHalfClose(t *testing.T) {
	together(t, func(t *testing.T, v variant) {
		srv := start(t, v, "-interval=100ms")
		c := srv.dial(t)
		c.line(t)
		if err := c.Conn.(*net.TCPConn).CloseWrite(); err != nil {
			t.Fatal(err)
		}
		if v.engine == "gnet" {
			if err := c.rest(); err != nil {
				t.Errorf("a half-closed connection ends with %v, want FIN after a whole line", err)
			}
		} else {
			c.lines(t, 10)
		}
		srv.dial(t).line(t)
		if log := srv.log(); len(log) > 0 {
			t.Errorf("the log tells of it: %q", log)
		}
	})
}

// TestReset has clients reset their connections. The server forgets them, and
// does not speak of it.
func TestReset(t *testing.T) {
	together(t, func(t *testing.T, v variant) {
		const interval = time.Second
		srv := start(t, v, "-interval="+interval.String())
		c := srv.dial(t)
		c.line(t)
		w := c.watch()
		files := srv.settledFiles(t)
		for range 100 {
			c := srv.dial(t)
			c.line(t)
			_ = c.Conn.(*net.TCPConn).SetLinger(0)
			_ = c.Close()
		}
		t.Logf("gone %v after the last one was reset",
			eventually(t, "the clients are gone", func() bool { return srv.files(t) <= files }))
		lines := w.seen(t, c)
		checkNoneMissing(t, lines, interval)
		if log := srv.log(); len(log) > 0 {
			t.Errorf("the log tells of it: %q", log)
		}
	})
}

// TestClientTakesNothing has clients that stop to read, each in its way: the
// server drops them after the write timeout, with a reset, and the others are
// not held up.
func TestClientTakesNothing(t *testing.T) {
	for name, stall := range map[string]func(*testing.T, *process) (ended func() bool){
		"window=zero":    neverRead,
		"client=stopped": stopClient,
	} {
		t.Run(name, func(t *testing.T) {
			together(t, func(t *testing.T, v variant) {
				const timeout = 4 * time.Second
				srv := command{variant: v, flags: []string{"-interval=50ms", "-send-buffer=2304",
					"-write-timeout=" + timeout.String(), "-layout=" + fillingLayout}}.start(t)
				c := srv.dial(t)
				c.layout = fillingLayout
				c.line(t)
				w := c.watch()
				ended := stall(t, srv)
				if n := srv.connections(t); n != 2 {
					t.Fatalf("%d connections, want 2", n)
				}
				took := eventually(t, "the client is dropped", func() bool { return srv.connections(t) == 1 })
				t.Logf("dropped after %v", took)
				if took < timeout {
					t.Errorf("the client is dropped after %v, before the write timeout of %v", took, timeout)
				}
				eventually(t, "the client sees a reset", ended)
				// Held up by the other, it would miss lines for as long as the
				// write timeout; a busy machine holds it up for less.
				checkNoneMissing(t, w.seen(t, c), timeout/4)
				if log := srv.log(); len(log) > 0 {
					t.Errorf("the log tells of it: %q", log)
				}
			})
		})
	}
}

// fillingLayout makes lines of 250 bytes, which soon fill a small socket.
var fillingLayout = layout + strings.Repeat(".", 220)

// neverRead is a client that has closed its window.
func neverRead(t *testing.T, srv *process) (ended func() bool) {
	c := srv.dialSmall(t)
	return func() bool {
		_, err := io.Copy(io.Discard, c.Conn)
		return errors.Is(err, syscall.ECONNRESET)
	}
}

// stopClient is a client whose process is stopped.
func stopClient(t *testing.T, srv *process) (ended func() bool) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	client := launch(t, srv.place, nil, "env", clientRole+"="+srv.addr, self)
	eventually(t, "the client reads", func() bool { return strings.Contains(client.stderr.String(), "reading") })
	client.signal(t, unix.SIGSTOP)
	return func() bool {
		if !client.hasExited() {
			client.signal(t, unix.SIGCONT)
			client.exit(t)
		}
		return strings.Contains(client.stderr.String(), "connection reset by peer")
	}
}
