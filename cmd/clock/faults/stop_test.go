//go:build linux && faults

package faults

import (
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// TestServerStopped stops the process of a server for ten intervals: when it
// goes on, the next line is right, and the lines of that time are lost.
func TestServerStopped(t *testing.T) {
	together(t, func(t *testing.T, v variant) {
		const interval = time.Second
		srv := start(t, v, "-interval="+interval.String())
		c := srv.dial(t)
		c.lines(t, 2)
		srv.signal(t, unix.SIGSTOP)
		stopped := time.Now()
		w := c.watch()
		time.Sleep(10 * interval)
		srv.signal(t, unix.SIGCONT)
		continued := time.Now()
		time.Sleep(4 * interval)
		lines := w.seen(t, c)
		after := 0
		for _, at := range lines {
			switch {
			case at.After(continued.Add(-interval)):
				after++
			case at.After(stopped):
				t.Errorf("a line for %v, when the server was stopped from %v to %v", at, stopped, continued)
			}
		}
		if after < 2 {
			t.Errorf("%d lines after the server went on", after)
		}
		checkNoBurst(t, lines, interval)
	})
}

// TestKilledAndRestarted kills a server that has clients; the next one gets its
// address at once.
func TestKilledAndRestarted(t *testing.T) {
	together(t, func(t *testing.T, v variant) {
		srv := start(t, v)
		for range 100 {
			srv.dial(t).line(t)
		}
		srv.signal(t, syscall.SIGKILL)
		srv.exit(t)
		start(t, v, "-addr="+srv.addr).dial(t).line(t)
	})
}
