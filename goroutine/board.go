package goroutine

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"clock"
)

// A board shows the line of the newest tick to every goroutine that waits
// for it.
type board struct {
	face   clock.Face
	ticker clock.Ticker

	mu      sync.RWMutex
	changed *sync.Cond // on mu's read lock: those who wake do not queue for it
	notice  *notice    // the newest; nil before the first tick
	down    bool       // the server stops
}

// A notice is one tick and its line. It never changes.
type notice struct {
	number int64 // counts up from 0
	tick   time.Time
	line   []byte
}

func newBoard(o clock.Options) *board {
	b := &board{face: o.Face, ticker: clock.Ticker{Interval: o.Interval, Wall: o.Wall}}
	b.changed = sync.NewCond(b.mu.RLocker())
	return b
}

// run puts up a notice at each tick, and takes the board down when ctx is done.
func (b *board) run(ctx context.Context) {
	var number int64
	for tick := range b.ticker.Ticks(ctx) {
		n := &notice{number, tick, b.face.Append(nil, tick)}
		number++
		b.change(func() { b.notice = n })
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

// newest returns the notice that is up.
func (b *board) newest() *notice {
	b.mu.RLock()
	defer b.mu.RUnlock()
	return b.notice
}

// wake has all who wait look whether they still want to.
func (b *board) wake() { b.change(func() {}) }

// next waits for a notice other than seen and returns it, or nil when the
// board comes down, or left is set and the board wakes those who wait.
func (b *board) next(seen *notice, left *atomic.Bool) *notice {
	b.changed.L.Lock()
	defer b.changed.L.Unlock()
	for b.notice == seen && !b.down && !left.Load() {
		b.changed.Wait()
	}
	if b.down || left.Load() {
		return nil
	}
	return b.notice
}
