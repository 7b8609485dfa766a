package clock

import (
	"context"
	"iter"
	"time"
)

// maxSleep bounds the time after which a Ticker looks at the wall clock again.
// A timer runs on the monotonic clock, so a step of the wall clock goes
// unnoticed until it fires; with a long interval that would be too late.
const maxSleep = time.Second

// A Ticker is the grid of the shared ticker: the multiples of Interval on the
// wall clock, counted as [time.Time.Truncate] counts them. An interval that
// divides a day thus ticks at midnight UTC.
type Ticker struct {
	Interval time.Duration             // greater than 0
	Wall     func(time.Time) time.Time // as in Options; nil means time.Now's own
}

// Floor returns the last tick at or before t.
func (k Ticker) Floor(t time.Time) time.Time { return t.Truncate(k.Interval) }

// Ticks yields each tick when it comes, until ctx is done. A tick that is past
// is never yielded late for its own sake: where the process was stopped, or
// the loop's body took too long, the newest tick comes next and the ones
// before it are lost.
//
// Nor does a step of the wall clock make a burst or a silence. After a step
// forward, or back by more than an interval, the tick at or before the new
// time is yielded, within an interval and within a second. After a shorter
// step back the clock shows the last tick's time once more; that tick is not
// repeated.
func (k Ticker) Ticks(ctx context.Context) iter.Seq[time.Time] {
	now := time.Now
	if k.Wall != nil {
		now = func() time.Time { return k.Wall(time.Now()) }
	}
	return func(yield func(time.Time) bool) {
		timer := time.NewTimer(0)
		defer timer.Stop()
		last := k.Floor(now())
		for {
			select {
			case <-ctx.Done():
				return
			case <-timer.C:
			}
			t := now()
			tick := k.Floor(t)
			if tick.After(last) || tick.Before(last.Add(-k.Interval)) {
				last = tick
				if !yield(tick) {
					return
				}
				t = now()
			}
			timer.Reset(min(last.Add(k.Interval).Sub(t), maxSleep))
		}
	}
}
