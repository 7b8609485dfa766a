//go:build linux && faults

package faults

import (
	"bufio"
	"net"
	"os"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// TestStandardErrorIsLost takes a server's standard error away, in each way
// that there is, and gives it something to say there: too many clients for its
// files. It serves those inside, and admits others when there is room.
func TestStandardErrorIsLost(t *testing.T) {
	for name, lose := range map[string]func(*testing.T, command) *process{
		"closed":  closedStderr,
		"broken":  brokenStderr,
		"blocked": blockedStderr,
	} {
		t.Run("stderr="+name, func(t *testing.T) {
			together(t, func(t *testing.T, v variant) {
				const interval = time.Second
				srv := lose(t, command{variant: v, flags: []string{"-max-conns=1000", "-interval=" + interval.String()}})
				inside, watches := srv.watchNew(t, 20)
				srv.limitFiles(t, 64)
				served := besiege(t, srv, 100)
				time.Sleep(4 * interval)
				if srv.hasExited() {
					t.Fatalf("the server has ended: %v", srv.state)
				}
				before := served.Load()
				for i, c := range inside {
					lines := watches[i].seen(t, c)
					checkNoneMissing(t, lines, interval)
					if len(lines) < 3 {
						t.Errorf("%d lines at a client inside, want one every %v", len(lines), interval)
					}
				}
				eventually(t, "clients are admitted again", func() bool { return served.Load() > before })
			})
		})
	}
}

// closedStderr starts a server that has no standard error. It cannot say where
// it serves, so it is told.
func closedStderr(t *testing.T, c command) *process {
	t.Helper()
	c.in = namespace(t)
	c.through = append([]string{"sh", "-c", `exec "$0" "$@" 2>&-`}, c.through...)
	c.flags = append(c.flags, "-addr=127.0.0.1:8000")
	srv := c.launch(t)
	srv.network, srv.addr = "tcp", "127.0.0.1:8000"
	eventually(t, "the clock serves", func() (serves bool) {
		srv.place.do(func() {
			conn, err := net.Dial(srv.network, srv.addr)
			if serves = err == nil; serves {
				_ = conn.Close()
			}
		})
		return serves
	})
	return srv
}

// brokenStderr starts a server whose standard error is a pipe that nobody has
// the other end of.
func brokenStderr(t *testing.T, c command) *process {
	srv, r, w := pipedStderr(t, c)
	_, _ = r.Close(), w.Close()
	return srv
}

// blockedStderr starts a server whose standard error is a pipe that is full.
func blockedStderr(t *testing.T, c command) *process {
	srv, _, w := pipedStderr(t, c)
	// At its smallest the pipe holds what is written to it at once.
	n, err := unix.FcntlInt(w.Fd(), unix.F_SETPIPE_SZ, 1)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write(make([]byte, n)); err != nil {
		t.Fatal(err)
	}
	return srv
}

// pipedStderr starts a server whose standard error is a pipe, and reads there
// where it serves.
func pipedStderr(t *testing.T, c command) (srv *process, r, w *os.File) {
	t.Helper()
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _, _ = r.Close(), w.Close() })
	c.stderr = w
	srv = c.launch(t)
	said, err := bufio.NewReader(r).ReadBytes('\n')
	if err != nil {
		t.Fatal(err)
	}
	_, _ = srv.stderr.Write(said)
	srv.awaitServing(t)
	return srv, r, w
}
