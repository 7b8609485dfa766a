package main

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"syscall"
	"time"

	"clock/address"
)

// frameInterval is how often a wall looks at its clocks: often enough for the
// eye to see them tick together, seldom enough to cost nothing however fast
// the lines come.
const frameInterval = 50 * time.Millisecond

// A wall is the clocks, in the order in which they were given. One goroutine
// watches each of them; a single one, that of show, changes and shows them.
type wall struct {
	network, layout string
	clocks          []*clock
}

// A view is how a wall is shown.
type view interface {
	tell(c *clock) error                       // there is news of c
	draw(clocks []*clock, now time.Time) error // time has passed
	close() error
}

// show shows the wall in v until ctx is done.
func (w *wall) show(ctx context.Context, dial dialFunc, v view) error {
	ctx, cancel := context.WithCancel(ctx)
	var watchers sync.WaitGroup
	defer watchers.Wait()
	defer cancel()
	events := make(chan event)
	for i, c := range w.clocks {
		watcher := &watcher{i, dial, w.network, c.address, events}
		watchers.Go(func() { watcher.watch(ctx) })
	}

	frames := time.NewTicker(frameInterval)
	defer frames.Stop()
	for {
		var err error
		select {
		case <-ctx.Done():
			return nil
		case e := <-events:
			err = w.apply(e, v)
		case now := <-frames.C:
			err = w.frame(now, v)
		}
		switch {
		case errors.Is(err, syscall.EPIPE): // the reader has seen enough
			return nil
		case err != nil:
			return fmt.Errorf("cannot write to standard output: %s", address.Cause(err))
		}
	}
}

// apply changes a clock, and tells v if that is news.
func (w *wall) apply(e event, v view) error {
	c := w.clocks[e.clock]
	if !c.apply(e, w.layout) {
		return nil
	}
	return v.tell(c)
}

// frame looks for clocks that have stopped, and draws the wall.
func (w *wall) frame(now time.Time, v view) error {
	for i, c := range w.clocks {
		if !c.isOverdue(now) {
			continue
		}
		reason := fmt.Sprintf("no line for %v", c.patience().Round(time.Second))
		if err := w.apply(event{i, now, stopped, reason}, v); err != nil {
			return err
		}
	}
	return v.draw(w.clocks, now)
}
