package engine

import (
	"context"
	"runtime/debug"
	"time"

	"clock"
)

const (
	// trimCheck is how often trim looks whether a wave of clients is over.
	trimCheck = time.Second

	// trimAfter is the number of clients that make a wave, come and gone
	// counted alike: what they leave behind is about a megabyte.
	trimAfter = 1000

	// trimCalm is the share of the clients that may come or go in a check when
	// the wave is over.
	trimCalm = 0.01
)

// trim gives memory back to the system after each wave of clients, until ctx
// is done. A client leaves garbage behind on its way in and on its way out,
// and serving makes none, so that no garbage collection would come for two
// minutes to find it: a third of an event loop's memory.
func trim(ctx context.Context, stats *clock.Stats) {
	ticker := time.NewTicker(trimCheck)
	defer ticker.Stop()
	var trimmed, last int64 // clients come and gone by the last trim, and the last check
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
		open := stats.Connections()
		moved := 2*stats.Accepted.Load() - open
		if calm := float64(moved-last) <= trimCalm*float64(open); calm && moved-trimmed >= trimAfter {
			debug.FreeOSMemory()
			trimmed = moved
		}
		last = moved
	}
}
