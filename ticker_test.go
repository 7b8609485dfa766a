package clock_test

import (
	"context"
	"slices"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"clock"
)

// A wallClock is a wall clock that a test can step.
type wallClock struct{ step atomic.Int64 }

func (c *wallClock) show(now time.Time) time.Time { return now.Add(time.Duration(c.step.Load())) }

// take takes n ticks. After each it calls then, if there is one, with the
// number of ticks so far. In the bubble of synctest time is exact.
func take(ticker clock.Ticker, n int, then func(i int)) (ticks []time.Time, arrived []time.Duration) {
	start := time.Now()
	for tick := range ticker.Ticks(context.Background()) {
		ticks = append(ticks, tick)
		arrived = append(arrived, time.Since(start))
		if len(ticks) == n {
			break
		}
		if then != nil {
			then(len(ticks))
		}
	}
	return ticks, arrived
}

func TestTicksAreMultiplesOfTheInterval(t *testing.T) {
	for _, interval := range []time.Duration{time.Millisecond, 300 * time.Millisecond, time.Second, time.Hour, 24 * time.Hour} {
		synctest.Test(t, func(t *testing.T) {
			time.Sleep(123456789 * time.Nanosecond) // off every grid
			next := time.Now().Truncate(interval)
			ticks, arrived := take(clock.Ticker{Interval: interval}, 5, nil)
			start := time.Now().Add(-arrived[4])
			for i, tick := range ticks {
				next = next.Add(interval)
				if !tick.Equal(next) || !start.Add(arrived[i]).Equal(next) {
					t.Errorf("interval %v: tick %d is %v, at %v, want both %v", interval, i, tick, start.Add(arrived[i]), next)
				}
			}
		})
	}
}

func TestStallLosesTicksAndMakesNoBurst(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now() // on the grid: the bubble's time begins at a midnight
		ticks, arrived := take(clock.Ticker{Interval: time.Second}, 4, func(i int) {
			if i == 2 {
				time.Sleep(10500 * time.Millisecond) // from 2 s to 12.5 s
			}
		})
		want := []time.Duration{1 * time.Second, 2 * time.Second, 12 * time.Second, 13 * time.Second}
		for i, tick := range ticks {
			if got := tick.Sub(start); got != want[i] {
				t.Errorf("tick %d is %v after the start, want %v", i, got, want[i])
			}
		}
		if want := []time.Duration{1 * time.Second, 2 * time.Second, 12500 * time.Millisecond, 13 * time.Second}; !slices.Equal(arrived, want) {
			t.Errorf("ticks came at %v, want %v", arrived, want)
		}
	})
}

func TestStepsOfTheWallClock(t *testing.T) {
	const s, ms = time.Second, time.Millisecond
	tests := []struct {
		name    string
		every   time.Duration
		step    time.Duration   // a moment after the second tick
		ticks   []time.Duration // as the stepped clock shows them, from its time at the start
		arrived []time.Duration
	}{
		{"an hour forward", s, time.Hour,
			[]time.Duration{1 * s, 2 * s, time.Hour + 3*s, time.Hour + 4*s}, []time.Duration{1 * s, 2 * s, 3 * s, 4 * s}},
		{"an hour back", s, -time.Hour,
			[]time.Duration{1 * s, 2 * s, -time.Hour + 3*s, -time.Hour + 4*s}, []time.Duration{1 * s, 2 * s, 3 * s, 4 * s}},
		{"forward over one tick", s, 1500 * ms,
			[]time.Duration{1 * s, 2 * s, 4 * s, 5 * s}, []time.Duration{1 * s, 2 * s, 3 * s, 3500 * ms}},
		{"back by less than an interval", s, -500 * ms, // 2 s comes twice, its line once
			[]time.Duration{1 * s, 2 * s, 3 * s, 4 * s}, []time.Duration{1 * s, 2 * s, 3500 * ms, 4500 * ms}},
		{"seen within a second, however long the interval", time.Hour, 24 * time.Hour,
			[]time.Duration{time.Hour, 2 * time.Hour, 26 * time.Hour, 27 * time.Hour},
			[]time.Duration{time.Hour, 2 * time.Hour, 2*time.Hour + s, 3 * time.Hour}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				start := time.Now()
				var wall wallClock
				ticks, arrived := take(clock.Ticker{Interval: tt.every, Wall: wall.show}, 4, func(i int) {
					if i == 2 {
						time.AfterFunc(time.Nanosecond, func() { wall.step.Store(int64(tt.step)) })
					}
				})
				var got []time.Duration
				for _, tick := range ticks {
					got = append(got, tick.Sub(start))
				}
				if !slices.Equal(got, tt.ticks) || !slices.Equal(arrived, tt.arrived) {
					t.Errorf("ticks %v at %v,\nwant  %v at %v", got, arrived, tt.ticks, tt.arrived)
				}
			})
		})
	}
}

func TestTicksEndWithTheContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(2500*time.Millisecond, cancel)
		n := 0
		for range (clock.Ticker{Interval: time.Second}).Ticks(ctx) {
			n++
		}
		if n != 2 {
			t.Errorf("%d ticks in 2.5 s, want 2", n)
		}
	})
}
