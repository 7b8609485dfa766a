package eventloop

import (
	"context"
	"net"
	"sync"
	"time"

	"github.com/panjf2000/gnet/v2"

	"clock"
)

// readBuffer is the size in bytes of a loop's buffer for input, which is
// thrown away unread.
const readBuffer = 4 << 10

// A reactor handles the events of all loops.
type reactor struct {
	gnet.BuiltinEventEngine
	clock.Options
	ctx   context.Context // done when the server stops
	door  *clock.Admission
	send  sender
	board *board         // of the shared ticker
	pumps sync.WaitGroup // and the ticker

	mu    sync.Mutex
	loops map[gnet.EventLoop]*loop // guarded by mu
}

func newReactor(ctx context.Context, o clock.Options, door *clock.Admission, send sender) *reactor {
	r := &reactor{Options: o, ctx: ctx, door: door, send: send, loops: make(map[gnet.EventLoop]*loop)}
	if r.send == nil {
		r.send = sendLine
	}
	if o.Ticker == clock.Shared {
		r.board = &board{ticker: clock.Ticker{Interval: o.Interval, Wall: o.Wall}}
		r.pumps.Go(r.broadcast)
	}
	return r
}

// broadcast puts the line of each tick on the board, formatted once for all
// clients, and wakes the loops.
func (r *reactor) broadcast() {
	for tick := range r.board.ticker.Ticks(r.ctx) {
		r.board.notice.Store(&notice{tick: tick, line: r.Face.Append(nil, tick)})
		r.each((*loop).wake)
	}
}

// each calls f for each loop that has had a client.
func (r *reactor) each(f func(*loop)) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, l := range r.loops {
		f(l)
	}
}

// loopOf returns the loop that runs on el, made when its first client comes:
// gnet does not list its loops.
func (r *reactor) loopOf(el gnet.EventLoop) *loop {
	r.mu.Lock()
	defer r.mu.Unlock()
	l := r.loops[el]
	if l == nil {
		l = newLoop(r, el)
		r.loops[el] = l
		r.pumps.Go(func() { l.pump(r.ctx) })
	}
	return l
}

// enroll hands a connection to the loop with the fewest, and waits until it
// has its first line.
func (r *reactor) enroll(client *gnet.Client, conn net.Conn) {
	c := &clientConn{}
	_, err := client.EnrollContext(conn, c) // closes conn, a duplicate lives on
	if err == nil && c.loop != nil {
		return
	}
	r.Log.Warn("cannot serve a connection, have closed it", "error", err)
	r.door.Leave(clock.ReasonError)
}

// OnOpen greets a new client on its loop.
func (r *reactor) OnOpen(conn gnet.Conn) ([]byte, gnet.Action) {
	c := conn.Context().(*clientConn)
	c.Conn, c.fd, c.loop = conn, conn.Fd(), r.loopOf(conn.EventLoop())
	c.loop.open(c)
	return nil, gnet.None
}

// OnTraffic throws away what a client sends.
func (r *reactor) OnTraffic(conn gnet.Conn) gnet.Action {
	_, _ = conn.Discard(-1)
	return gnet.None
}

// OnClose forgets a client.
func (r *reactor) OnClose(conn gnet.Conn, _ error) gnet.Action {
	c := conn.Context().(*clientConn)
	c.loop.closed(c)
	return gnet.None
}

// seeOff closes every connection, with FIN after a whole line. The rest of a
// line that a slow client has not taken yet has the drain time to get through.
func (r *reactor) seeOff() {
	empty := r.door.Empty()
	drained := time.NewTimer(r.Drain)
	defer drained.Stop()
	poll := time.NewTicker(drainPoll)
	defer poll.Stop()
	for last := false; ; {
		r.each(func(l *loop) { l.seeOff(last) })
		select {
		case <-empty:
			return
		case <-drained.C:
			last = true
		case <-poll.C:
		}
	}
}
