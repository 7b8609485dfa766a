package goroutine

import (
	"context"
	"sync"
	"sync/atomic"

	"clock"
)

// A board shows the line of the newest tick to every goroutine that waits
// for it.
type board struct {
	face   clock.Face
	ticker clock.Ticker

	mu      sync.RWMutex
	changed *sync.Cond // on mu's read lock: those who wake do not queue for it
	newest  *line      // guarded by mu, and never changed itself
	down    bool       // guarded by mu: the server stops
}

func newBoard(o clock.Options) *board {
	b := &board{
		face:   o.Face,
		ticker: clock.Ticker{Interval: o.Interval, Wall: o.Wall},
		newest: new(line), // of no tick yet
	}
	b.changed = sync.NewCond(b.mu.RLocker())
	return b
}

// run puts up the line of each tick, and takes the board down when ctx is done.
func (b *board) run(ctx context.Context) {
	last := b.newest
	for tick := range b.ticker.Ticks(ctx) {
		last = &line{text: b.face.Append(nil, tick), at: tick, due: tick, tick: last.tick + 1}
		b.change(func() { b.newest = last })
	}
	b.change(func() { b.down = true })
}

// change changes the board and wakes all who wait.
func (b *board) change(how func()) {
	b.mu.Lock()
	how()
	b.mu.Unlock()
	b.changed.Broadcast()
}

// wake has all who wait look whether they still want to.
func (b *board) wake() { b.change(func() {}) }

// tick returns the number of the newest tick.
func (b *board) tick() int64 {
	b.mu.RLock()
	defer b.mu.RUnlock()
	return b.newest.tick
}

// next waits for the first line after last that a client has not seen yet, and
// returns it with the number of lines between the two, which the client was too
// slow for. It returns nil when the board comes down, or left is set and the
// board wakes those who wait.
func (b *board) next(last *line, left *atomic.Bool) (next *line, lost int64) {
	seen, shown := last.tick, b.ticker.Floor(last.due)
	b.changed.L.Lock()
	defer b.changed.L.Unlock()
	for {
		for b.newest.tick == seen && !b.down && !left.Load() {
			b.changed.Wait()
		}
		if b.down || left.Load() {
			return nil, lost
		}
		lost += b.newest.tick - seen - 1
		seen = b.newest.tick
		if !b.newest.due.Equal(shown) {
			return b.newest, lost
		}
		// The client came in this very tick, and has its line.
	}
}
