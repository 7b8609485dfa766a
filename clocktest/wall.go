package clocktest

import (
	"strings"
	"sync/atomic"
	"testing"
	"time"
	_ "time/tzdata" // Berlin, also where the machine has no zones

	"clock"
)

// steps steps the wall clock an hour forward, and back again. The next lines
// are right, and there is neither a burst nor a silence.
func (s suite) steps(t *testing.T) {
	var step atomic.Int64
	wall := func(now time.Time) time.Time { return now.Add(time.Duration(step.Load())) }
	srv := s.serve(t, clock.Options{Interval: tick, Wall: wall})
	c := srv.dial(t)
	c.lines(t, 3)
	for _, to := range []time.Duration{time.Hour, 0} {
		step.Store(int64(to))
		var last time.Time
		for stale := 0; ; stale++ {
			last = c.line(t)
			if wrong := time.Until(last) - to; wrong.Abs() < 30*time.Minute {
				break
			}
			if stale == 2 { // on their way when the clock was stepped
				t.Fatalf("after a step to %v, still a line for %v", to, last)
			}
		}
		for range 5 {
			at := c.line(t)
			if gap := at.Sub(last); gap < tick/2 || gap > 30*time.Minute {
				t.Fatalf("after a step to %v, a line for %v follows one for %v", to, at, last)
			}
			last = at
		}
	}
}

// zoned is the layout of lines that name an instant whatever their zone.
const zoned = layout + "Z07:00"

// daylightSaving has the clocks of Berlin go forward and back. The lines skip an
// hour, or repeat it, while their instants go on as ever.
func (s suite) daylightSaving(t *testing.T) {
	berlin, err := clock.LoadZone("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	for _, change := range []struct {
		at            time.Time
		before, after string // the hour that lines show, and the offset
	}{
		{time.Date(2016, time.March, 27, 1, 0, 0, 0, time.UTC), "01+01:00", "03+02:00"},
		{time.Date(2016, time.October, 30, 1, 0, 0, 0, time.UTC), "02+02:00", "02+01:00"},
	} {
		var last time.Time
		for _, at := range s.across(t, change.at, berlin, func(t time.Time) time.Time { return t }) {
			want := change.before
			if !at.Before(change.at) {
				want = change.after
			}
			if got := at.Format("15Z07:00"); got != want {
				t.Errorf("a line for %v shows %s, want %s", at, got, want)
			}
			if gap := at.Sub(last); gap < tick/2 {
				t.Errorf("a line for %v comes %v after the last", at, gap)
			}
			last = at
		}
	}
}

// leapSecond has the wall clock repeat a second, as Linux does when UTC has one
// more. So do the lines: none shows a 61st second, which is no time to a parser.
func (s suite) leapSecond(t *testing.T) {
	leap := time.Date(2017, time.January, 1, 0, 0, 0, 0, time.UTC)
	repeat := func(t time.Time) time.Time {
		if t.Before(leap) {
			return t
		}
		return t.Add(-time.Second)
	}
	var last time.Time
	back := 0
	for _, at := range s.across(t, leap, time.UTC, repeat) {
		gap := at.Sub(last)
		switch {
		case gap < 0 && gap > -time.Second && back == 0:
			back++
		case gap < tick/2:
			t.Errorf("a line for %v comes %v after the last", at, gap)
		}
		last = at
	}
}

// across steps a server's wall clock to shortly before an instant, lets it run
// on, bent, and returns the instants that lines name until shortly after, in the
// zone that they show.
func (s suite) across(t *testing.T, instant time.Time, zone *time.Location, bend func(time.Time) time.Time) (seen []time.Time) {
	t.Helper()
	const margin = 10 * tick
	var step atomic.Int64
	srv := s.serve(t, clock.Options{
		Interval: tick,
		Face:     clock.Face{Layout: zoned, Zone: zone},
		Wall:     func(now time.Time) time.Time { return bend(now.Add(time.Duration(step.Load()))) },
	})
	c := srv.dial(t)
	read := func() time.Time {
		_ = c.SetReadDeadline(time.Now().Add(patience))
		line, err := c.ReadString('\n')
		if err != nil {
			t.Fatal(err)
		}
		at, err := time.Parse(zoned, strings.TrimSuffix(line, "\n"))
		if err != nil {
			t.Fatal(err)
		}
		return at
	}
	read()
	step.Store(int64(time.Until(instant) - margin))
	at := read()
	for stale := 0; at.After(instant.Add(time.Hour)); stale++ {
		if stale == 2 { // on their way when the clock was stepped
			t.Fatalf("after a step to %v, still a line for %v", instant.Add(-margin), at)
		}
		at = read()
	}
	for at.Before(instant.Add(margin)) {
		seen = append(seen, at)
		at = read()
	}
	return append(seen, at)
}
