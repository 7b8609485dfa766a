package eventloop

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/panjf2000/gnet/v2"

	"clock"
)

// drainPoll is how often a server that stops looks whether the lines in flight
// are through.
const drainPoll = 10 * time.Millisecond

// A reactor is one call of Serve: gnet's event loops, and ours on them. gnet
// tells it what happens to a connection, and it tells the endpoint whose
// connection it is.
type reactor struct {
	gnet.BuiltinEventEngine
	clock.Options
	door   *clock.Admission
	send   sender
	board  *board // of the shared ticker
	client *gnet.Client
	loops  map[gnet.EventLoop]*loop
}

// An endpoint is who a connection belongs to: a clientConn, or the doorbell of
// a loop. Its methods run on the connection's event loop.
type endpoint interface {
	opened(*loop, gnet.Conn)
	readable()
	closed()
}

// start starts n event loops, each with a doorbell. A gnet.Client, not a
// server, because it takes connections that somebody else has accepted.
func (r *reactor) start(n int) (err error) {
	if r.Ticker == clock.Shared {
		r.board = &board{ticker: clock.Ticker{Interval: r.Interval, Wall: r.Wall}}
	}
	r.client, err = gnet.NewClient(r, gnet.WithOptions(gnet.Options{
		NumEventLoop:  n,
		TCPNoDelay:    gnet.TCPDelay, // leaves it as package net has set it: no delay
		ReadBufferCap: readBuffer,
		Logger:        logger{r.Log},
	}))
	if err != nil {
		return err
	}
	if err := r.client.Start(); err != nil {
		return err
	}
	// gnet does not list its loops, but gives each new connection to the one
	// that has the fewest: the first n connections, our doorbells, find them.
	r.loops = make(map[gnet.EventLoop]*loop, n)
	for range n {
		l := newLoop(r)
		bell, err := hang(r.client, l)
		if err != nil {
			return errors.Join(fmt.Errorf("cannot start an event loop: %w", err), r.stop())
		}
		l.bell = bell
		r.loops[l.el] = l
	}
	return nil
}

// stop ends the event loops.
func (r *reactor) stop() error {
	err := r.client.Stop()
	for _, l := range r.loops {
		l.bell.takeDown()
	}
	return err
}

// broadcast runs the shared ticker: it puts the line of each tick on the board
// and rings at every loop.
func (r *reactor) broadcast(ctx context.Context) {
	for tick := range r.board.ticker.Ticks(ctx) {
		r.board.post(tick, r.Face)
		for _, l := range r.loops {
			l.bell.ring()
		}
	}
}

// admit hands each client that comes to the loop with the fewest, and waits
// until it has its first line.
func (r *reactor) admit() error {
	spare := newSpare()
	defer spare.close()
	for {
		conn, err := r.door.Accept()
		if err != nil {
			return err
		}
		c := new(clientConn)
		spare.release()
		// EnrollContext closes conn; a duplicate of its socket lives on.
		_, err = r.client.EnrollContext(conn, c)
		spare.hold()
		if err != nil || c.loop == nil {
			r.door.Fail(conn.RemoteAddr(), err)
		}
	}
}

// seeOff closes every connection, with FIN after a whole line. The rest of a
// line that a slow client has not taken yet has the drain time to get through.
func (r *reactor) seeOff() {
	empty := r.door.Empty()
	drained := time.NewTimer(r.Drain)
	defer drained.Stop()
	poll := time.NewTicker(drainPoll)
	defer poll.Stop()
	for now := closeIdle; ; {
		for _, l := range r.loops {
			l.ending.Store(int32(now))
			l.bell.ring()
		}
		select {
		case <-empty:
			return
		case <-drained.C:
			now = closeAll
		case <-poll.C:
		}
	}
}

// OnOpen, OnTraffic and OnClose are gnet's events.

func (r *reactor) OnOpen(conn gnet.Conn) ([]byte, gnet.Action) {
	conn.Context().(endpoint).opened(r.loops[conn.EventLoop()], conn)
	return nil, gnet.None
}

func (r *reactor) OnTraffic(conn gnet.Conn) gnet.Action {
	_, _ = conn.Discard(-1) // nobody reads what a client sends
	conn.Context().(endpoint).readable()
	return gnet.None
}

func (r *reactor) OnClose(conn gnet.Conn, _ error) gnet.Action {
	conn.Context().(endpoint).closed()
	return gnet.None
}
