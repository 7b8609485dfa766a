//go:build linux && faults

package faults

import (
	"context"
	"fmt"
	"io"
	"net"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// withFiles starts a command that may have so many files open.
func withFiles(n int) []string { return []string{"prlimit", fmt.Sprintf("--nofile=%d:%d", n, n)} }

// limitFiles has a process from now on have no more than so many files open.
func (p *process) limitFiles(t *testing.T, n uint64) {
	t.Helper()
	if err := unix.Prlimit(p.pid, unix.RLIMIT_NOFILE, &unix.Rlimit{Cur: n, Max: n}, nil); err != nil {
		t.Fatal(err)
	}
}

func needPrlimit(t *testing.T) {
	t.Helper()
	needCommand(t, "prlimit", "install util-linux")
}

// TestFilesRunOut has more clients come than the server may have files, since
// these are fewer than when it started. Those inside are served on, and others
// wait until there is room.
func TestFilesRunOut(t *testing.T) {
	together(t, func(t *testing.T, v variant) {
		const interval = time.Second
		srv := start(t, v, "-max-conns=1000", "-interval="+interval.String())
		inside, watches := srv.watchNew(t, 20)
		srv.limitFiles(t, 64)
		served := besiege(t, srv, 300-len(inside))
		eventually(t, "the files run out", func() bool { return len(srv.log()) > 0 })
		if log := srv.log()[0]; !strings.Contains(log, "too many open files") {
			t.Errorf("the log says %q, want that there are too many open files", log)
		}

		said, used, since := len(srv.log()), srv.processorTime(t), time.Now()
		time.Sleep(5 * interval)
		said, used, took := len(srv.log())-said, srv.processorTime(t)-used, time.Since(since)
		if most := int(took/time.Second) + 1; said > most {
			t.Errorf("%d log lines in %v, want one a second at the most:\n%s", said, took, strings.Join(srv.log(), "\n"))
		}
		if used > took/10 {
			t.Errorf("%v of processor time in %v: a hot loop", used, took)
		}

		// The server tries again within a second of there being room.
		before := served.Load()
		for i, c := range inside {
			lines := watches[i].seen(t, c)
			checkNoneMissing(t, lines, interval)
			if len(lines) < 4 {
				t.Errorf("%d lines in %v at a client inside", len(lines), took)
			}
		}
		t.Logf("%d admitted, the next one %v after others left; %v of processor time and %d log lines in %v", before,
			eventually(t, "clients are admitted again", func() bool { return served.Load() > before }), used, said, took)
	})
}

// TestTooFewFilesAreAnError starts servers that may have fewer files open than
// they need for a single client.
func TestTooFewFilesAreAnError(t *testing.T) {
	needPrlimit(t)
	together(t, func(t *testing.T, v variant) {
		for _, files := range []int{5, 8, 12, 16} {
			srv := command{variant: v, through: withFiles(files)}.launch(t)
			if code := srv.exit(t).ExitCode(); code != 1 {
				t.Errorf("with %d files it exits with %d, want 1", files, code)
			}
			if said := srv.stderr.String(); strings.Count(said, "\n") != 1 || !strings.Contains(said, "clock: too few open files: ") {
				t.Errorf("with %d files it says %q, want one line", files, said)
			}
		}
	})
}

// TestFilesBoundTheClients starts servers that may have few files open, and that
// are told to serve more clients than these are enough for, some with many event
// loops, each of which has files of its own. The server says how many clients
// there is room for, serves as many, refuses the others at once, and answers
// those who ask how it is.
func TestFilesBoundTheClients(t *testing.T) {
	needPrlimit(t)
	for name, c := range map[string]struct {
		files int
		procs string
	}{
		"few":        {100, "GOMAXPROCS=2"},
		"many loops": {1024, "GOMAXPROCS=32"},
	} {
		t.Run(name, func(t *testing.T) {
			together(t, func(t *testing.T, v variant) {
				const tooMany = 50
				through := append(withFiles(c.files), "env", c.procs)
				srv := command{variant: v, through: through, flags: []string{"-max-conns=5000", watched}}.start(t)
				if said := srv.stderr.String(); !strings.Contains(said, "-max-conns=5000 is more than") {
					t.Errorf("the clock says %q, want that there are fewer files than clients", said)
				}
				most := srv.mostClients(t)
				if most < c.files/4 || most >= c.files {
					t.Fatalf("at most %d clients with %d files", most, c.files)
				}
				if served := burst(t, srv, most+tooMany, "127.0.0.1"); len(served) != most {
					t.Errorf("%d clients are served, want %d", len(served), most)
				}
				if n := srv.metric(t, `clock_connections_rejected_total{reason="limit"}`); n != tooMany {
					t.Errorf("%g refused clients are counted, want %d", n, tooMany)
				}
				if log := srv.log(); len(log) > 0 {
					t.Errorf("the log says %q", log)
				}
			})
		})
	}
}

// besiege has n clients come, each again and again until it is served, and then
// read until the end of the test. It returns the number of those served so far.
func besiege(t *testing.T, srv *process, n int) (served *atomic.Int64) {
	served = new(atomic.Int64)
	var group sync.WaitGroup
	for range n {
		group.Go(func() { srv.knock(t.Context(), served) })
	}
	t.Cleanup(group.Wait)
	return served
}

// knock is one of the clients of besiege. It ends when ctx is done.
func (p *process) knock(ctx context.Context, served *atomic.Int64) {
	for ctx.Err() == nil {
		var conn net.Conn
		var err error
		p.place.do(func() { conn, err = net.DialTimeout(p.network, p.addr, patience) })
		if err == nil {
			stop := context.AfterFunc(ctx, func() { _ = conn.Close() })
			c := newClient(conn)
			if _, err := c.next(); err == nil {
				served.Add(1)
				_ = c.rest()
				return
			}
			stop()
			_ = conn.Close()
		}
		select {
		case <-ctx.Done():
		case <-time.After(time.Second):
		}
	}
}

// TestBurstOverTheLimit has a crowd come at once to a server for fewer. It
// serves as many as it may, closes the others, and lets more in later.
func TestBurstOverTheLimit(t *testing.T) {
	together(t, func(t *testing.T, v variant) {
		const most = 50
		srv := start(t, v, "-max-conns=50", "-interval=100ms", watched)
		served := burst(t, srv, 4*most, "127.0.0.1")
		if len(served) != most {
			t.Fatalf("%d clients are served, want %d", len(served), most)
		}
		if n := srv.metric(t, `clock_connections_rejected_total{reason="limit"}`); n != 3*most {
			t.Errorf("%g refused clients are counted, want %d", n, 3*most)
		}
		for _, c := range served {
			c.lines(t, 2)
		}
		if log := srv.log(); len(log) > 0 {
			t.Errorf("the log tells of refused clients: %q", log)
		}
		_ = served[0].Close()
		eventually(t, "a client is admitted again", func() bool {
			_, err := srv.dial(t).next()
			return err == nil
		})
	})
}

// TestBurstFromOneAddress has a crowd come from one address; it does not keep
// others out.
func TestBurstFromOneAddress(t *testing.T) {
	together(t, func(t *testing.T, v variant) {
		const most = 10
		srv := start(t, v, "-max-conns-per-ip=10", "-interval=100ms", watched)
		other := srv.dialFrom(t, "127.0.0.3")
		other.line(t)
		if served := burst(t, srv, 4*most, "127.0.0.2"); len(served) != most {
			t.Errorf("%d clients from one address are served, want %d", len(served), most)
		}
		if n := srv.metric(t, `clock_connections_rejected_total{reason="ip_limit"}`); n != 3*most {
			t.Errorf("%g refused clients are counted, want %d", n, 3*most)
		}
		other.lines(t, 2)
		if served := burst(t, srv, most, "127.0.0.1"); len(served) != most {
			t.Errorf("%d clients from another address are served, want all %d", len(served), most)
		}
	})
}

// burst connects n clients at once, and returns those that are served. The
// others are closed with FIN, without a line.
func burst(t *testing.T, srv *process, n int, from string) (served []*client) {
	t.Helper()
	all := make([]*client, n)
	since := time.Now()
	for i := range all {
		all[i] = srv.dialFrom(t, from)
	}
	ends := make([]error, n)
	var group sync.WaitGroup
	for i, c := range all {
		group.Go(func() { _, ends[i] = c.next() })
	}
	group.Wait()
	t.Logf("%d clients from %s are served or refused %v after the first came", n, from, time.Since(since))
	for i, c := range all {
		switch ends[i] {
		case nil:
			served = append(served, c)
		case io.EOF:
		default:
			t.Errorf("a client ends with %v, want a line or FIN", ends[i])
		}
	}
	return served
}
