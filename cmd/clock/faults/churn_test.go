//go:build linux && faults

package faults

import (
	"net"
	"sync"
	"testing"
	"time"
)

// TestTenThousandCome has clients come and go. What they leave behind does not
// grow with their number.
func TestTenThousandCome(t *testing.T) {
	const (
		cycles        = 10_000
		slack         = 2 << 20 // bytes: a leak of 200 for each client
		threads       = 10      // the runtime keeps those of its busiest moment
		trimmingTakes = 3 * time.Second
	)
	alone(t, func(t *testing.T, v variant) {
		srv := start(t, v, "-interval=20ms") // so that it soon notices that they are gone
		// What a first crowd leaves behind, the runtime keeps for the next one:
		// the descriptors of goroutines and of sockets.
		cycle(t, srv, cycles)
		var before int64
		var since time.Time
		eventually(t, "memory has settled", func() bool {
			if now := srv.resident(t); now != before {
				before, since = now, time.Now()
			}
			return time.Since(since) > trimmingTakes
		})
		filesBefore, threadsBefore := srv.files(t), srv.threads(t)
		cycle(t, srv, cycles)
		took := eventually(t, "files and memory are back", func() bool {
			return srv.files(t) <= filesBefore && srv.resident(t) <= before+slack
		})
		t.Logf("%d files, %d threads, %d kB before; %d, %d, %d after, within %v",
			filesBefore, threadsBefore, before>>10, srv.files(t), srv.threads(t), srv.resident(t)>>10, took)
		if n := srv.threads(t); n > threadsBefore+threads {
			t.Errorf("%d threads, want as before: %d", n, threadsBefore)
		}
		srv.dial(t).lines(t, 2)
	})
}

// cycle has n clients come, a few at a time, and leave after their first line:
// one half with FIN, the other with a reset.
func cycle(t *testing.T, srv *process, n int) {
	t.Helper()
	const workers = 8
	var group sync.WaitGroup
	ends := make([]error, workers)
	for w := range workers {
		group.Go(func() {
			for i := range n / workers {
				conn, err := net.DialTimeout(srv.network, srv.addr, patience)
				if err != nil {
					ends[w] = err
					return
				}
				if _, err := newClient(conn).next(); err != nil {
					ends[w] = err
				}
				if i%2 == 0 {
					_ = conn.(*net.TCPConn).SetLinger(0)
				}
				_ = conn.Close()
			}
		})
	}
	group.Wait()
	for _, err := range ends {
		if err != nil {
			t.Fatal(err)
		}
	}
}
