package eventloop

import (
	"context"
	"sync/atomic"
	"time"

	"clock"
)

// A line is one line, for one client or for all.
type line struct {
	text   []byte
	due    time.Time
	posted time.Time // when the board showed it
}

// A board shows the line of the newest tick to all loops.
type board struct {
	face   clock.Face
	ticker clock.Ticker
	newest atomic.Pointer[line] // nil before the first tick
}

func newBoard(o clock.Options) *board {
	return &board{face: o.Face, ticker: clock.Ticker{Interval: o.Interval, Wall: o.Wall}}
}

// run puts up the line of each tick, and wakes the loops, until ctx is done.
func (b *board) run(ctx context.Context, wake func()) {
	for tick := range b.ticker.Ticks(ctx) {
		b.post(tick)
		wake()
	}
}

// post puts up the line of a tick, formatted once for all clients.
func (b *board) post(tick time.Time) {
	b.newest.Store(&line{text: b.face.Append(nil, tick), due: tick, posted: time.Now()})
}
