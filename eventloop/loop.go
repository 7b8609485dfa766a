package eventloop

import (
	"context"
	"time"

	"github.com/panjf2000/gnet/v2"

	"clock"
)

// chunk is the number of lines that a loop sends before it looks for other
// events: new clients, input, disconnects. At 8 µs a line they wait 2 ms.
const chunk = 256

// A clientConn is one client of one loop. Only the loop touches it, once it is
// enrolled.
type clientConn struct {
	gnet.Conn
	loop    *loop
	fd      int
	shown   int64         // burst: the tick that the client was last shown, Unix ns
	due     time.Duration // spread: when its next line is due, on the loop's own time
	stalled time.Duration // since when it has taken nothing, on the loop's own time; 0: it takes
	why     clock.Reason  // it is being closed
	torn    bool          // gnet holds the rest of a line for it
	gone    bool          // it is closed
}

// A loop serves its clients, those that are due, a chunk at a time. All its
// methods but wake, seeOff and pump run on the event loop.
type loop struct {
	*reactor
	el       gnet.EventLoop
	schedule schedule
	queue    queue
	start    time.Time // the origin of the loop's own time, which is monotonic

	work chan struct{}      // tells the pump that clients are due, or will be
	done chan time.Duration // tells the pump that a chunk is done, and when the next is due
}

func newLoop(r *reactor, el gnet.EventLoop) *loop {
	l := &loop{
		reactor: r,
		el:      el,
		start:   time.Now(),
		work:    make(chan struct{}, 1),
		done:    make(chan time.Duration, 1),
	}
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

// open greets a client with the time and puts it in the queue.
func (l *loop) open(c *clientConn) {
	wall, mono := l.now()
	l.deliver(c, l.Face.Append(nil, wall))
	l.schedule.admit(c, wall, mono)
	l.queue.push(c)
}

// closed forgets a client whose connection has ended.
func (l *loop) closed(c *clientConn) {
	c.gone = true
	c.Conn = nil
	l.door.Leave(c.why)
}

// Run serves one chunk of the clients that are due, and tells the pump.
func (l *loop) Run(context.Context) error {
	l.done <- l.serve()
	return nil
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
		line, wait := l.schedule.next(c)
		if wait > 0 {
			l.queue.unpop(c)
			return wait
		}
		l.queue.push(c)
		if line != nil {
			l.deliver(c, line)
		}
	}
	return 0
}

// deliver sends a line to a client, or drops one of the two: the line if the
// client is slow, the client if it has taken nothing for the write timeout.
func (l *loop) deliver(c *clientConn, line []byte) {
	if c.torn = c.torn && c.OutboundBuffered() > 0; c.torn {
		l.stall(c)
		return
	}
	n, err := l.send(c, line)
	switch {
	case err != nil:
		l.close(c, clock.ReasonClient)
	case n == 0:
		l.stall(c)
	case n < len(line):
		// gnet sends the rest when the socket has room again.
		c.torn = true
		_, _ = c.Write(line[n:])
		fallthrough
	default:
		c.stalled = 0
		l.Stats.Sent.Add(1)
	}
}

// stall notes that a client lost a line because it takes nothing.
func (l *loop) stall(c *clientConn) {
	l.Stats.Dropped.Add(1)
	_, now := l.now()
	switch {
	case c.stalled == 0:
		c.stalled = now
	case now-c.stalled >= l.WriteTimeout:
		_ = c.SetLinger(0) // what waits in the socket is out of date
		l.close(c, clock.ReasonSlow)
	}
}

// close closes a connection, unless gnet has done so on a failed Write.
func (l *loop) close(c *clientConn, why clock.Reason) {
	if c.gone {
		return
	}
	c.why = why
	_ = l.el.Close(c.Conn)
}

// wake tells the pump that there is work.
func (l *loop) wake() {
	select {
	case l.work <- struct{}{}:
	default: // it knows
	}
}

// pump drives the loop from outside, one chunk at a time. A loop that posted
// its next chunk to itself would never get to its events: it empties its tasks
// first.
func (l *loop) pump(ctx context.Context) {
	timer := time.NewTimer(forever)
	defer timer.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-l.work:
		case <-timer.C:
		}
		var wait time.Duration
		for wait == 0 {
			if err := l.el.Execute(ctx, l); err != nil {
				return
			}
			select {
			case wait = <-l.done:
			case <-ctx.Done(): // the loop may be gone, and the answer with it
				return
			}
		}
		timer.Reset(wait)
	}
}

// seeOff has the loop close every connection, except, unless it is the last
// call, those with a line in flight.
func (l *loop) seeOff(last bool) {
	_ = l.el.Execute(l.ctx, gnet.RunnableFunc(func(context.Context) error {
		for c := range l.queue.all {
			if !last && c.torn && c.OutboundBuffered() > 0 {
				continue
			}
			clock.DiscardInput(c.fd)
			l.close(c, clock.ReasonShutdown)
		}
		return nil
	}))
}
