package goroutine

import (
	"errors"
	"net"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"clock"
)

const (
	// minLap is the least time between two rounds of the watchdog, in which it
	// looks at every client: 10,000 of them are a millisecond's work.
	minLap = 100 * time.Millisecond

	// hangupCheck is how often the watchdog asks who has hung up.
	hangupCheck = time.Second

	// halfClosedProbe is the time between two keep-alive probes to a client that
	// has shut down its sending half. The host of one that is gone answers them
	// for a minute (net.ipv4.tcp_fin_timeout), and then with a reset.
	halfClosedProbe = 15 * time.Second
)

// A watchdog does for all clients what their goroutines cannot do while they
// write or sleep: it ends the writes that take too long, and lets those clients
// go that have hung up.
type watchdog struct {
	server  *server
	stop    <-chan struct{} // closed when the server stops
	lapTime time.Duration
	lap     atomic.Int64 // counts the rounds from 1
	drained atomic.Bool  // the drain time is over
	behind  atomic.Bool  // clients were let go whose goroutines may not know
	hangups *hangups

	mu         sync.Mutex
	entered    uint64             // guarded by mu: numbers the clients
	clients    map[uint64]*client // guarded by mu
	halfClosed map[uint64]*client // guarded by mu: those of them that have shut down their sending half
}

func newWatchdog(s *server, h *hangups) *watchdog {
	w := &watchdog{
		server:     s,
		stop:       s.acceptor.Context().Done(),
		lapTime:    min(max(s.opts.Interval, minLap), s.opts.WriteTimeout/4),
		hangups:    h,
		clients:    make(map[uint64]*client),
		halfClosed: make(map[uint64]*client),
	}
	w.lap.Store(1)
	return w
}

// enter begins to watch a client.
func (w *watchdog) enter(c *client) {
	c.took = w.lap.Load()
	w.mu.Lock()
	w.entered++
	c.number = w.entered
	w.clients[c.number] = c
	w.mu.Unlock()
	w.hangups.watch(c.conn, c.number)
}

// leave ends that.
func (w *watchdog) leave(c *client) {
	w.mu.Lock()
	defer w.mu.Unlock()
	delete(w.clients, c.number)
	delete(w.halfClosed, c.number)
}

// write hands a line to the kernel, and waits while there is no room for it. When
// the watchdog ends the wait, the client loses the line, as a newer one is due:
// false. But a line once begun is finished. A client that takes nothing for the
// write timeout is an error, [os.ErrDeadlineExceeded].
func (w *watchdog) write(c *client, line []byte) (taken bool, err error) {
	for begun := false; ; {
		lap := w.lap.Load()
		c.writing.Store(lap)
		n, err := c.conn.Write(line)
		c.writing.Store(0)
		if n > 0 {
			c.took = lap
		}
		switch {
		case err == nil:
			return true, nil
		case !errors.Is(err, os.ErrDeadlineExceeded) || w.drained.Load():
			return false, err
		}
		_ = c.conn.SetWriteDeadline(time.Time{})
		line, begun = line[n:], begun || n > 0
		switch stalled := w.lap.Load() - c.took; {
		case stalled > int64(w.server.opts.WriteTimeout/w.lapTime):
			return false, err
		case stalled > 1 && !begun:
			return false, nil
		}
	}
}

// run watches until the server stops. One that is sequential has nobody to ask
// for room while it serves a client: the watchdog sees who waits.
func (w *watchdog) run(sequential bool) {
	laps := time.NewTicker(w.lapTime)
	defer laps.Stop()
	hangups := time.NewTicker(hangupCheck)
	defer hangups.Stop()
	for {
		select {
		case <-w.stop:
			return
		case <-laps.C:
			w.endLap()
		case <-hangups.C:
			if sequential && w.server.acceptor.Waiting() {
				w.makeRoom(func(net.Addr) bool { return true })
			} else {
				w.endHungUp()
			}
			w.tellBehind()
		}
	}
}

// endLap ends the writes that are still under way a lap after the one in which
// they began. A deadline for every write would do the same, and cost an eighth
// of a line.
func (w *watchdog) endLap() {
	lap := w.lap.Add(1)
	w.endWrites(func(c *client) bool {
		began := c.writing.Load()
		return began != 0 && began < lap-1
	})
}

// endWrites ends the write under way of each client for which it should.
func (w *watchdog) endWrites(should func(*client) bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, c := range w.clients {
		if should(c) {
			_ = c.conn.SetWriteDeadline(time.Unix(1, 0))
		}
	}
}

// endHungUp lets those clients go that are gone, and reports whether there were
// any. One that has shut down its sending half may still read, and is served on;
// or it is gone, and its host will say so when it is asked.
func (w *watchdog) endHungUp() bool {
	var gone, half []*client
	w.mu.Lock()
	w.hangups.each(func(number uint64, isGone bool) {
		switch c := w.clients[number]; {
		case c == nil:
		case isGone:
			gone = append(gone, c)
		default:
			half = append(half, c)
			w.halfClosed[number] = c
		}
	})
	w.mu.Unlock()
	for _, c := range half {
		if tcp, ok := c.conn.(*net.TCPConn); ok {
			_ = tcp.SetKeepAliveConfig(net.KeepAliveConfig{Enable: true, Idle: halfClosedProbe, Interval: halfClosedProbe, Count: -1})
		}
	}
	return w.letGo(gone)
}

// makeRoom lets all clients go that have shut down their sending half, of those
// from addresses where it helps: most of these are gone, and somebody new finds no
// place. It reports whether anybody has left. A client in the middle of a line
// stays.
func (w *watchdog) makeRoom(helps func(from net.Addr) bool) bool {
	left := w.endHungUp()
	var half []*client
	w.mu.Lock()
	for _, c := range w.halfClosed {
		if c.writing.Load() == 0 && helps(c.conn.RemoteAddr()) {
			half = append(half, c)
		}
	}
	w.mu.Unlock()
	return w.letGo(half) || left
}

// letGo closes the connections of clients for their goroutines, which notice
// within a second or so. It reports whether there are any.
func (w *watchdog) letGo(clients []*client) bool {
	for _, c := range clients {
		w.server.leave(c, clock.ReasonClient)
	}
	if len(clients) > 0 {
		w.behind.Store(true)
	}
	return len(clients) > 0
}

// tellBehind has the goroutines end that wait at the board for a client that was
// let go. That wakes all who wait there, so it is done once for all, and not
// where the next tick will soon do it.
func (w *watchdog) tellBehind() {
	if w.behind.Swap(false) && w.server.board != nil && w.server.opts.Interval > maxNap {
		w.server.board.wake()
	}
}

// drain gives the lines in flight the drain time from when the server stops,
// and then ends every write. It returns when the clients are gone.
func (w *watchdog) drain(gone <-chan struct{}) {
	<-w.stop
	w.mu.Lock()
	for _, c := range w.clients {
		c.wake()
	}
	w.mu.Unlock()
	select {
	case <-gone:
		return
	case <-time.After(w.server.opts.Drain):
	}
	w.drained.Store(true)
	w.endWrites(func(*client) bool { return true })
}
