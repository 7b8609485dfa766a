package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"strings"
	"time"

	protocol "clock"
	"clock/address"
)

const (
	// retryDelay is how long a clock is left alone after it failed.
	retryDelay = 2 * time.Second

	// maxLine is the most bytes in a line, without its newline. Whoever sends
	// more is not a clock, and must not fill the memory.
	maxLine = protocol.MaxLine
)

// An event is something that happened to a clock.
type event struct {
	clock int // its place on the wall
	at    time.Time
	state state
	text  string // the line of a running clock, or the reason of its failure
}

type dialFunc func(ctx context.Context, network, address string) (net.Conn, error)

// A watcher makes events of one clock, until its context is done.
type watcher struct {
	clock            int
	dial             dialFunc
	network, address string
	events           chan<- event
}

// watch connects to the clock again and again.
func (w *watcher) watch(ctx context.Context) {
	for {
		state, reason := w.listen(ctx)
		w.send(ctx, state, reason)
		select {
		case <-time.After(retryDelay):
		case <-ctx.Done():
			return
		}
	}
}

// listen connects to the clock once, sends its lines, and returns how that
// ended.
func (w *watcher) listen(ctx context.Context) (s state, reason string) {
	conn, err := w.dial(ctx, w.network, w.address)
	if err != nil {
		return unreachable, address.Cause(err)
	}
	defer conn.Close()
	defer context.AfterFunc(ctx, func() { conn.Close() })()

	w.send(ctx, connected, "")
	lines := bufio.NewReaderSize(conn, maxLine+len("\n"))
	for {
		line, err := lines.ReadSlice('\n')
		switch {
		case err == bufio.ErrBufferFull:
			return notClock, fmt.Sprintf("more than %d bytes without a newline", maxLine)
		case err == io.EOF:
			return ended, "connection closed"
		case err != nil:
			return ended, address.Cause(err)
		}
		w.send(ctx, running, strings.TrimRight(string(line), "\r\n"))
	}
}

// send sends an event of now, unless ctx is done, when nobody receives it.
func (w *watcher) send(ctx context.Context, s state, text string) {
	select {
	case w.events <- event{w.clock, time.Now(), s, text}:
	case <-ctx.Done():
	}
}
