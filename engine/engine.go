// Package engine makes the servers of the clock by their names: those that
// users type, and that measurements are filed under.
package engine

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net"
	"slices"
	"strings"
	"sync"

	"clock"
	"clock/eventloop"
	"clock/goroutine"
)

// engines are the ways to serve, by name.
var engines = map[string]func(clock.Options) server{
	"sequential": func(o clock.Options) server { return &goroutine.Server{Options: o, Sequential: true} },
	"goroutine":  func(o clock.Options) server { return &goroutine.Server{Options: o} },
	"gnet":       func(o clock.Options) server { return &eventloop.Server{Options: o} },
}

type server interface {
	Complete() (clock.Options, error)
	Serve(context.Context, net.Listener) error
}

// Names returns the names of the engines, in alphabetical order.
func Names() []string { return slices.Sorted(maps.Keys(engines)) }

// A Server serves the clock with an engine. [New] makes one.
type Server struct {
	clock.Options // complete

	engine   func(clock.Options) server
	liveness *liveness
}

// New returns a server that uses the engine of that name. Its Options are o as
// the engine completes them. It returns an error that tells a user what to do if
// there is no such engine, or if the options make no sense.
func New(name string, o clock.Options) (*Server, error) {
	engine, ok := engines[name]
	if !ok {
		return nil, fmt.Errorf("unknown engine %q: use %s", name, strings.Join(Names(), ", "))
	}
	o, err := engine(o).Complete()
	if errors.Is(err, goroutine.ErrSequentialShared) {
		return nil, fmt.Errorf("%w: use -ticker=%s", err, clock.PerConn)
	}
	if err != nil {
		return nil, err
	}
	return &Server{o, engine, newLiveness(o)}, nil
}

// Serve serves the clients that come to ln until ctx is done, as the engine's
// own Serve does, gives back to the system the memory that each wave of clients
// leaves behind, and sees whether it is [Server.Alive].
func (s *Server) Serve(ctx context.Context, ln net.Listener) error {
	ctx, cancel := context.WithCancel(ctx)
	var helpers sync.WaitGroup
	defer helpers.Wait()
	defer cancel()
	helpers.Go(func() { trim(ctx, s.Stats) })
	helpers.Go(func() { s.liveness.watch(ctx, s.Stats) })
	return s.engine(s.Options).Serve(ctx, ln)
}
