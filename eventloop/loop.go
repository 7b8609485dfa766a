package eventloop

import (
	"math"
	"sync/atomic"
	"time"

	"github.com/panjf2000/gnet/v2"

	"clock"
	"clock/accept"
)

const (
	// chunk is the number of lines that a loop sends before it looks for other
	// events: new clients, input, disconnects. At 4 to 8 µs a line, they wait
	// for 1 ms.
	chunk = 128

	// pause is how long a loop in the middle of a tick lets go of its
	// processor when a client waits to be accepted. Where there is but one
	// processor, the runtime looks for new connections only when it has
	// nothing else to run, or else every 10 ms.
	pause = 10 * time.Microsecond
)

// A loop serves the clients on one of gnet's event loops, a chunk of those who
// are due at a time. All its methods run on that event loop.
type loop struct {
	server   *server
	gnet     gnet.EventLoop
	waker    *waker
	schedule schedule
	timer    *time.Timer // wakes the loop when the next client is due
	start    time.Time   // the origin of the loop's own time, which is monotonic
	ending   atomic.Int32
}

// What a loop does about its connections when the server stops: loop.ending.
const (
	closeNone = iota
	closeIdle // those without a line in flight
	closeAll
)

// A schedule says which clients of a loop are due, in order, and for which line.
type schedule interface {
	// admit schedules a client that was shown the wall clock's time, at the
	// moment mono of the loop's own time.
	admit(c *client, wall time.Time, mono time.Duration)

	// begin begins a chunk.
	begin()

	// next returns the next client that is due, and its line, which is valid
	// until the next call; nil if the client is passed over. The last result is
	// false if nobody is due.
	next() (*client, *line, bool)

	// wait returns how long nobody is due; false if only an event can tell.
	wait() (time.Duration, bool)

	// all yields the clients.
	all(yield func(*client) bool)
}

func newLoop(s *server) *loop {
	l := &loop{server: s, start: time.Now()}
	l.timer = time.AfterFunc(math.MaxInt64, func() { l.waker.wake() })
	if s.board != nil {
		l.schedule = &burst{loop: l, board: s.board}
	} else {
		l.schedule = newSpread(l)
	}
	return l
}

// now reads both clocks at once: the wall clock, and the loop's own time, which
// is greater than 0 and which no step of the wall clock moves.
func (l *loop) now() (wall time.Time, mono time.Duration) {
	now := time.Now()
	return l.server.opts.Wall(now), now.Sub(l.start) + 1
}

// run serves one chunk, and sees to it that the loop comes back in time.
func (l *loop) run() {
	l.waker.heard()
	if ending := l.ending.Load(); ending != closeNone {
		l.end(ending == closeAll)
		return
	}
	if more := l.serve(); more {
		if l.server.acceptor.Waiting() {
			time.Sleep(pause)
		}
		l.waker.wake()
	} else if wait, ok := l.schedule.wait(); ok {
		l.timer.Reset(wait)
	}
}

// serve serves one chunk of the clients that are due, and reports whether there
// may be more.
func (l *loop) serve() (more bool) {
	l.schedule.begin()
	for range chunk {
		c, line, ok := l.schedule.next()
		if !ok {
			return false
		}
		if line != nil {
			c.write(line)
		}
	}
	return true
}

// end closes the connections; if not all, those without a line in flight.
func (l *loop) end(all bool) {
	l.timer.Stop()
	for c := range l.schedule.all {
		if all || !c.inFlight() {
			accept.DiscardInput(c.fd)
			c.close(clock.ReasonShutdown)
		}
	}
}

// gnet calls OnOpen, OnTraffic and OnClose on the event loop of the connection.

// OnOpen is the event of a new connection, of a client or a waker.
func (s *server) OnOpen(conn gnet.Conn) ([]byte, gnet.Action) {
	switch who := conn.Context().(type) {
	case *client:
		who.open(s.loops[conn.EventLoop()], conn)
	case *waker:
		who.loop.gnet = conn.EventLoop()
	}
	return nil, gnet.None
}

// OnTraffic is the event of input, which nobody reads: that a waker has some is
// all there is to know.
func (s *server) OnTraffic(conn gnet.Conn) gnet.Action {
	_, _ = conn.Discard(-1)
	if w, ok := conn.Context().(*waker); ok {
		w.loop.run()
	}
	return gnet.None
}

// OnClose is the event of a connection's end, whoever ends it.
func (s *server) OnClose(conn gnet.Conn, _ error) gnet.Action {
	if c, ok := conn.Context().(*client); ok {
		c.closed()
	}
	return gnet.None
}
