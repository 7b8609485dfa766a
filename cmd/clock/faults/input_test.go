//go:build linux && faults

package faults

import (
	"syscall"
	"testing"
	"time"
)

// TestFloodOfInput has a client send as much as the server's socket takes. The
// server keeps none of it, and serves others as before.
func TestFloodOfInput(t *testing.T) {
	alone(t, func(t *testing.T, v variant) {
		const (
			interval = time.Second
			flood    = 400 << 20
			length   = 4 * interval
			most     = 8 << 20
		)
		srv := start(t, v, "-interval="+interval.String())
		c := srv.dial(t)
		c.line(t)
		w := c.watch()
		flooder := srv.dial(t)
		flooder.line(t)
		before := srv.resident(t)
		_ = flooder.SetWriteDeadline(time.Now().Add(length))
		sent := make(chan int)
		go func() {
			total, block := 0, make([]byte, 1<<20)
			for total < flood {
				n, err := flooder.Write(block)
				total += n
				if err != nil {
					break
				}
			}
			sent <- total
		}()
		var peak int64
		total := -1
		eventually(t, "the flood is over", func() bool {
			peak = max(peak, srv.resident(t))
			select {
			case total = <-sent:
			default:
			}
			return total >= 0
		})
		t.Logf("%d MB of input, at most %d kB more memory", total>>20, (peak-before)>>10)
		if peak-before > most {
			t.Errorf("the server grew by %d bytes during %d bytes of input, want at most %d", peak-before, total, most)
		}
		c2 := srv.dial(t)
		c2.lines(t, 3)
		lines := w.seen(t, c)
		checkNoneMissing(t, lines, interval)
		checkNoBurst(t, lines, interval)
		flooder.line(t)
	})
}

// TestInputUnreadAtTheStop stops a server that has not read what a client has
// sent. The client sees FIN after a whole line all the same, not a reset.
func TestInputUnreadAtTheStop(t *testing.T) {
	together(t, func(t *testing.T, v variant) {
		srv := start(t, v, "-interval=100ms")
		for range 10 {
			c := srv.dial(t)
			c.line(t)
			if _, err := c.Write([]byte{'?'}); err != nil {
				t.Fatal(err)
			}
			defer func() {
				if err := c.rest(); err != nil {
					t.Errorf("the connection ends with %v, want FIN after a whole line", err)
				}
			}()
		}
		srv.signal(t, syscall.SIGTERM)
		if state := srv.exit(t); !state.Success() {
			t.Errorf("the server ends with %v, want exit code 0", state)
		}
	})
}
