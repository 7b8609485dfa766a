//go:build linux && faults

package faults

import (
	"errors"
	"fmt"
	"net"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// crowd is the number of clients of a server that is stopped under load.
const crowd = 2000

// underLoad starts a server with a crowd that reads, and returns when all have
// had a line. gone gets what ended each of them: nil for FIN after a whole line.
func underLoad(t *testing.T, v variant, atEnd func(*process) error) (srv *process, gone chan error) {
	t.Helper()
	srv = start(t, v, "-interval=250ms", "-drain=5s")
	gone = make(chan error, crowd)
	var served sync.WaitGroup
	for range crowd {
		c := srv.dial(t)
		served.Add(1)
		go func() {
			_, err := c.next()
			served.Done()
			if err == nil {
				err = c.rest()
			}
			if err == nil {
				err = atEnd(srv)
			}
			gone <- err
		}()
	}
	served.Wait()
	return srv, gone
}

// TestTerminatedUnderLoad sends SIGTERM to a server with a crowd. It closes its
// listener first: who sees its connection end finds nobody listening. Each
// client has a whole last line, and FIN.
func TestTerminatedUnderLoad(t *testing.T) {
	alone(t, func(t *testing.T, v variant) {
		srv, gone := underLoad(t, v, func(p *process) error {
			if conn, err := net.Dial(p.network, p.addr); err == nil {
				_ = conn.Close()
				return fmt.Errorf("another client connects after the first have been seen off")
			}
			return nil
		})
		srv.signal(t, syscall.SIGTERM)
		terminated := time.Now()
		for range crowd {
			if err := <-gone; err != nil {
				t.Errorf("a client ends with: %v", err)
			}
		}
		if state := srv.exit(t); !state.Success() {
			t.Errorf("the server ends with %v, want exit code 0", state)
		}
		t.Logf("stopped in %v", time.Since(terminated))
		if log := srv.log(); len(log) > 0 {
			t.Errorf("the log says %q, want nothing", log)
		}
	})
}

// TestTerminatedWhileDraining sends SIGTERM to a server with lines in flight to
// clients that take nothing. It listens no more, and waits: until they have
// whole lines, until the drain time is over, or until a second SIGTERM.
func TestTerminatedWhileDraining(t *testing.T) {
	for _, row := range []struct {
		name, drain string
		then        func(*testing.T, *process, []*client)
		ends        string
	}{
		{"clients read", "1h", allRead, "exit status 0"},
		{"drain time over", "2s", func(*testing.T, *process, []*client) {}, "exit status 0"},
		{"second signal", "1h", func(t *testing.T, srv *process, _ []*client) { srv.signal(t, syscall.SIGTERM) }, "signal: terminated"},
	} {
		t.Run(row.name, func(t *testing.T) {
			together(t, func(t *testing.T, v variant) {
				srv := start(t, v, "-interval=20ms", "-send-buffer=2304", "-write-timeout=1h",
					"-drain="+row.drain, "-layout="+flightLayout)
				slow := stalled(t, srv)
				srv.signal(t, syscall.SIGTERM)
				eventually(t, "the listener is closed", func() bool {
					conn, err := net.Dial(srv.network, srv.addr)
					if err == nil {
						_ = conn.Close()
					}
					return errors.Is(err, syscall.ECONNREFUSED)
				})
				time.Sleep(500 * time.Millisecond) // for a server that does not wait to end in
				if srv.hasExited() {
					t.Fatalf("the server has ended (%v) with lines in flight", srv.state)
				}
				row.then(t, srv, slow)
				if state := srv.exit(t).String(); state != row.ends {
					t.Errorf("the server ends with %q, want %q", state, row.ends)
				}
			})
		})
	}
}

// flightLayout makes lines that do not fit evenly into a segment: some stalled
// clients have been sent a part of one.
var flightLayout = layout + strings.Repeat(".", 150)

// stalled connects clients that never read, with buffers of many sizes, and
// waits until they take nothing more.
func stalled(t *testing.T, srv *process) []*client {
	t.Helper()
	all := make([]*client, 50)
	for i := range all {
		all[i] = srv.dialWith(t, dialerWith(smallBuffer+97*i))
		all[i].layout = flightLayout
	}
	// In a second the server sends twice what its own side of a socket holds.
	waiting, since := 0, time.Now()
	eventually(t, "the clients have stalled", func() bool {
		now := 0
		for _, c := range all {
			now += c.unread(t)
		}
		if now != waiting {
			waiting, since = now, time.Now()
		}
		return time.Since(since) > time.Second
	})
	return all
}

// allRead has the clients read again: each has whole lines, and FIN.
func allRead(t *testing.T, _ *process, slow []*client) {
	for i, c := range slow {
		if err := c.rest(); err != nil {
			t.Errorf("slow client %d ends with: %v", i, err)
		}
	}
}
