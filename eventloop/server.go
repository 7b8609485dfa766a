// Package eventloop serves the clock from a reactor on
// github.com/panjf2000/gnet/v2: a few event loops, each with thousands of
// connections, that wait for events, handle each at once, and never block.
//
//	accept ──► hand-over ──► loop: first line, then into its queue
//	                          ▲
//	ticker ──► board ──► pump ┘  one chunk of the due clients at a time
//
// A loop keeps its clients in the order in which they will be due; since they
// all have the same interval, the one served last is due last, and a queue is
// all it takes. Two schedules share it: burst, where everybody is due at the
// tick of one ticker, and spread, where each client is due on a grid of its
// own, from the moment it came.
//
// What differs from package goroutine, as a client sees it: one that shuts
// down its sending half has said all that gnet wants to hear, and is closed.
package eventloop

import (
	"context"
	"fmt"
	"net"
	"runtime"
	"time"

	"github.com/panjf2000/gnet/v2"
	"golang.org/x/sync/errgroup"

	"clock"
)

// handovers is the number of goroutines that accept connections and hand them
// to the loops. Handing over waits for the loop, which may be in the middle of
// a chunk: with this many waiting, that many new clients have their first line
// after each chunk.
const handovers = 32

// drainPoll is how often a server that stops looks whether the lines in flight
// are through.
const drainPoll = 10 * time.Millisecond

// A Server serves the clock from event loops. Its own ticker is
// [clock.Shared].
type Server struct {
	clock.Options

	// Loops is the number of event loops; 0 means GOMAXPROCS.
	Loops int

	send sender // nil means the best for this system
}

// Serve serves the clients that come to ln until ctx is done, sees them off,
// and returns nil. It returns an error if the options make no sense or ln
// fails for good. In every case ln is closed when it returns. The connections
// of ln must be TCP or Unix ones; others are closed.
func (s *Server) Serve(ctx context.Context, ln net.Listener) error {
	opts, err := s.Complete(clock.Shared)
	if err == nil && s.Loops < 0 {
		err = fmt.Errorf("%d event loops: at least 1", s.Loops)
	}
	if err != nil {
		_ = ln.Close()
		return err
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()

	door := clock.Admit(ctx, ln, opts)
	r := newReactor(ctx, opts, door, s.send)
	loops := s.Loops
	if loops == 0 {
		loops = runtime.GOMAXPROCS(0)
	}
	client, err := gnet.NewClient(r, gnet.WithOptions(gnet.Options{
		NumEventLoop:  loops,
		TCPNoDelay:    gnet.TCPDelay, // leaves it as package net has set it: no delay
		ReadBufferCap: readBuffer,
		Logger:        logger{opts.Log},
	}))
	if err != nil {
		return err
	}
	if err := client.Start(); err != nil {
		return err
	}

	var group errgroup.Group
	for range handovers {
		group.Go(func() error {
			for {
				conn, err := door.Accept()
				if err != nil {
					return err
				}
				r.enroll(client, conn)
			}
		})
	}
	err = door.Closed(group.Wait())
	cancel()
	r.pumps.Wait()
	r.seeOff()
	if stopErr := client.Stop(); err == nil {
		err = stopErr
	}
	return err
}
