package clocktest

import (
	"sync/atomic"
	"testing"
	"time"

	"clock"
)

func (s suite) firstLine(t *testing.T) {
	srv := s.serve(t, clock.Options{Interval: time.Hour})
	before := time.Now()
	at := srv.dial(t).line(t)
	if after := time.Now(); at.Before(before.Truncate(0).Add(-time.Microsecond)) || at.After(after) {
		t.Errorf("first line names %v, connected at %v, arrived by %v", at, before, after)
	}
}

// linePerInterval checks the times that lines name. When they arrive depends
// on the machine.
func (s suite) linePerInterval(t *testing.T) {
	const n = 20
	srv := s.serve(t, clock.Options{Interval: tick})
	c := srv.dial(t)
	first, lines := c.line(t), c.lines(t, n)
	last := first
	for i, at := range lines {
		gap := at.Sub(last)
		switch {
		case s.Ticker == clock.Shared:
			if gap <= 0 || at.Truncate(tick) != at {
				t.Fatalf("line %d names %v after %v, want a later multiple of %v", i, at, last, tick)
			}
		case s.Grid:
			// The two clocks are read one after the other.
			if off := (at.Sub(first) + tick/4) % tick; gap <= 0 || off > tick/2 {
				t.Fatalf("line %d names %v, %v off the grid of %v that began at %v", i, at, off-tick/4, tick, first)
			}
		default:
			if gap < tick {
				t.Fatalf("line %d names %v, only %v after the last", i, at, gap)
			}
		}
		last = at
	}
}

// sameForAll has clients come at different moments and then see the same ticks.
func (s suite) sameForAll(t *testing.T) {
	const clients = 20
	const interval = 100 * time.Millisecond
	srv := s.serve(t, clock.Options{Interval: interval})
	all := make([]client, clients)
	for i := range all {
		all[i] = srv.dial(t)
		all[i].line(t)
	}
	end := time.Now().Add(4 * interval) // all have come
	seen := make(map[time.Time]int)     // clients by tick
	for _, c := range all {
		for at := c.line(t); at.Before(end); at = c.line(t) {
			if at != at.Truncate(interval) {
				t.Fatalf("a line names %v, want multiples of %v", at, interval)
			}
			seen[at]++
		}
	}
	for _, n := range seen {
		if n == clients {
			return
		}
	}
	t.Errorf("no tick was seen by all %d clients: %v", clients, seen)
}

func (s suite) many(t *testing.T) {
	const clients = 100
	srv := s.serve(t, clock.Options{Interval: tick})
	done := make(chan error, clients)
	for range clients {
		c := srv.dial(t)
		go func() { done <- c.rest() }()
	}
	eventually(t, "lines sent", func() bool { return srv.Sent.Load() > 20*clients })
	srv.stop()
	for range clients {
		if err := <-done; err != nil {
			t.Errorf("after whole lines in order: %v, want EOF", err)
		}
	}
}

// thousands connects as many clients as a test may, and sees each served.
func (s suite) thousands(t *testing.T) {
	clients := 2000
	if testing.Short() {
		clients = 200
	}
	srv := s.serve(t, clock.Options{Interval: 100 * time.Millisecond})
	all := make([]client, clients)
	for i := range all {
		all[i] = srv.dial(t)
	}
	if n := srv.Connections(); n > int64(clients) {
		t.Errorf("%d connections, want at most %d", n, clients)
	}
	for i, c := range all {
		last := time.Time{}
		for _, at := range c.lines(t, 3) {
			if !at.After(last) {
				t.Fatalf("client %d: line %v after %v", i, at, last)
			}
			last = at
		}
	}
	for _, c := range all {
		_ = c.Close()
	}
	eventually(t, "all disconnects noticed", func() bool { return srv.Connections() == 0 })
}

func (s suite) oneAtATime(t *testing.T) {
	srv := s.serve(t, clock.Options{Interval: tick})
	first := srv.dial(t)
	first.line(t)
	second := srv.dial(t)
	first.lines(t, 5)
	if n := srv.Accepted.Load(); n != 1 {
		t.Fatalf("%d clients are being served, want the second to wait", n)
	}
	_ = first.Close()
	if at := second.line(t); time.Since(at) > patience {
		t.Errorf("the second client's first line names %v", at)
	}
}

// A watcher is an observer that counts.
type watcher struct{ lines, early, offTick atomic.Int64 }

func (w *watcher) Sent(due, now time.Time) {
	w.lines.Add(1)
	if now.Before(due) {
		w.early.Add(1)
	}
	if due != due.Truncate(tick) {
		w.offTick.Add(1)
	}
}

// observed checks what an observer is told: each line that is sent, when it was
// due, which is not after it is sent, and for a shared ticker the tick.
func (s suite) observed(t *testing.T) {
	const n = 20
	var w watcher
	srv := s.serve(t, clock.Options{Interval: tick, Observer: &w})
	srv.dial(t).lines(t, n)
	srv.stop()
	if err := srv.result(t); err != nil {
		t.Error(err)
	}
	if lines := w.lines.Load(); lines < n || lines != srv.Sent.Load() {
		t.Errorf("the observer was told of %d lines, and %d were sent", lines, srv.Sent.Load())
	}
	if early := w.early.Load(); early > 0 {
		t.Errorf("%d lines were sent before they were due", early)
	}
	// The first line is due when the client comes.
	if off := w.offTick.Load(); s.Ticker == clock.Shared && off > 1 {
		t.Errorf("%d lines of a shared ticker were due off the tick", off)
	}
}
