package eventloop

import (
	"sync/atomic"
	"time"

	"github.com/panjf2000/gnet/v2"

	"clock"
)

const (
	// chunk is the number of lines that a loop sends before it looks for other
	// events: new clients, input, disconnects. At 4 to 8 µs a line, they wait
	// for 1 ms.
	chunk = 128

	// pause is how long a loop in the middle of a tick lets go of its
	// processor when a client waits at the door. Where there is but one
	// processor, the runtime looks for new connections only when it has
	// nothing else to run, or else every 10 ms.
	pause = 10 * time.Microsecond
)

// A loop serves the clients on one of gnet's event loops, a chunk of those who
// are due at a time. All its methods run on that event loop.
type loop struct {
	*reactor
	el       gnet.EventLoop
	bell     *doorbell
	schedule schedule
	queue    queue
	timer    *time.Timer // rings when the next client is due
	start    time.Time   // the origin of the loop's own time, which is monotonic
	ending   atomic.Int32
}

// What a loop does about its connections when the server stops: loop.ending.
const (
	closeNone = iota
	closeIdle // those without a line in flight
	closeAll
)

func newLoop(r *reactor) *loop {
	l := &loop{reactor: r, start: time.Now()}
	l.timer = time.AfterFunc(forever, func() { l.bell.ring() })
	if r.board != nil {
		l.schedule = &burst{loop: l}
	} else {
		l.schedule = newSpread(l)
	}
	return l
}

// now reads both clocks at once: the wall clock, and the loop's own time, which
// is greater than 0 and which no step of the wall clock moves.
func (l *loop) now() (wall time.Time, mono time.Duration) {
	now := time.Now()
	return l.Wall(now), now.Sub(l.start) + 1
}

// run serves one chunk, and sees to it that the loop comes back in time.
func (l *loop) run() {
	if ending := l.ending.Load(); ending != closeNone {
		l.end(ending == closeAll)
		return
	}
	if wait := l.serve(); wait > 0 {
		l.timer.Reset(wait)
		return
	}
	if l.door.Waiting() {
		time.Sleep(pause)
	}
	l.bell.ring()
}

// serve serves one chunk of the clients that are due, and returns the time
// until the next one is: 0 where there are more now.
func (l *loop) serve() time.Duration {
	l.schedule.begin()
	for range chunk {
		c := l.queue.pop()
		if c == nil {
			return forever
		}
		next, wait := l.schedule.next(c)
		if wait > 0 {
			l.queue.unpop(c)
			return wait
		}
		l.queue.push(c)
		if next != nil {
			c.deliver(next)
		}
	}
	return 0
}

// end closes the connections; if not all, those without a line in flight.
func (l *loop) end(all bool) {
	l.timer.Stop()
	for c := range l.queue.all {
		if all || !c.inFlight() {
			clock.DiscardInput(c.fd)
			c.close(clock.ReasonShutdown)
		}
	}
}
