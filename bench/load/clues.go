package load

import (
	"math"
	"time"
)

// clues are what arrivals tell of the server itself: its ticker, its interval
// and its clock.
type clues struct {
	ticker  tickerVote
	gaps    int64 // between two lines of a client that are not its first
	regular int64 // of these gaps, those of about an interval

	// slow is by how much the server's clock is behind this machine's, as far as
	// all lines bear that out: a first line is written after the client has
	// called, so a right clock names no time before that; and by a clock behind
	// every tick comes late.
	slow int64
	// fast is by how much it is ahead at the least: a first line that comes
	// before the time that it names is by a clock ahead.
	fast    int64
	early   int64 // lines that came before the tick that they name
	earlyBy int64 // at the most
}

func newClues() clues { return clues{slow: math.MaxInt64} }

// noise is by how much clocks and lines may be off that are right.
const noise = int64(time.Millisecond)

// greeting takes what the first line of a client names, and when it arrived.
func (k *clues) greeting(called, named, arrival int64, precision time.Duration) {
	k.fast = max(k.fast, named-arrival)
	k.slow = min(k.slow, called-named-int64(precision))
}

// gap takes the time from a client's line to its next, but for its first.
func (k *clues) gap(gap, interval int64) {
	k.gaps++
	if off := gap - interval; -interval/10 < off && off < interval/10 {
		k.regular++
	}
}

// tick takes the lag of a line of a shared ticker.
func (k *clues) tick(lag int64) {
	k.slow = min(k.slow, lag)
	if lag < -noise {
		k.early++
		k.earlyBy = max(k.earlyBy, -lag)
	}
}

func (k *clues) merge(l clues) {
	k.ticker.merge(l.ticker)
	k.gaps += l.gaps
	k.regular += l.regular
	k.slow = min(k.slow, l.slow)
	k.fast = max(k.fast, l.fast)
	k.early += l.early
	k.earlyBy = max(k.earlyBy, l.earlyBy)
}
