package load

import (
	"math"
	"testing"
	"time"

	"clock"
)

// TestMemoryDoesNotFollowTheDuration is about windows of up to all the time
// that there is.
func TestMemoryDoesNotFollowTheDuration(t *testing.T) {
	for _, ticks := range []int64{0, 1, maxSlots - 1, maxSlots, maxSlots + 1, 2 * maxSlots, 3_600_000_000, math.MaxInt64 / 1_000_000} {
		s := newSlots(ticks)
		if n := len(s.slot); n > maxSlots || int64(n) < min(ticks, maxSlots/2) {
			t.Errorf("%d ticks have %d slots, want at most %d, and half of that where there are more", ticks, n, maxSlots)
		}
		for _, tick := range []int64{-1, 0, 1, ticks / 2, ticks - 1, ticks, ticks + 1} {
			s.mark(tick, int64(time.Second)) // none is out of bounds
		}
	}
}

func TestSpanOfAWindowWithMoreTicksThanSlots(t *testing.T) {
	const ticks = 10 * maxSlots
	a, b := newSlots(ticks), newSlots(ticks)
	for tick := range int64(ticks) {
		at := (1 + tick) * int64(time.Millisecond)
		a.mark(tick, at)
		b.mark(tick, at+int64(time.Microsecond))
	}
	a.merge(b)
	if got := a.span(); got.Median != time.Microsecond || got.Max != time.Microsecond {
		t.Errorf("span is %v, want 1µs for each tick that has a slot", got)
	}
}

// TestDriftOfAWeekOfManyClients counts gaps that come to more than the 292
// years that 64 bits of nanoseconds have room for.
func TestDriftOfAWeekOfManyClients(t *testing.T) {
	c, err := Config{Addr: "localhost:8000", Conns: 1, Duration: time.Hour, Interval: time.Hour, Ticker: clock.Shared, Face: clock.Face{Zone: time.UTC}}.complete()
	if err != nil {
		t.Fatal(err)
	}
	tally := newTally(c)
	tally.open(window{from: 1, to: int64(24 * time.Hour)})
	const late = time.Millisecond
	for range 3_000_000 {
		tally.count(&client{}, 1, int64(time.Hour+late))
	}
	if drift := time.Duration(tally.excess / tally.gaps); drift != late {
		t.Errorf("drift is %v, want %v", drift, late)
	}
}
