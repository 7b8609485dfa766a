package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"sync"
	"sync/atomic"

	"clock/accept"
	"clock/admin"
)

// setAdmin checks the address of the admin server. One without a host is on the
// loopback interface, and not on all: what is served there is not for all.
func (c *config) setAdmin() error {
	if c.admin == "" {
		return nil
	}
	host, port, err := net.SplitHostPort(c.admin)
	if err != nil {
		return fmt.Errorf("admin address %q is not host:port: use one such as localhost:9090", c.admin)
	}
	if err := checkPort(port); err != nil {
		return fmt.Errorf("admin address %q: %w", c.admin, err)
	}
	if host == "" {
		host = "localhost"
	}
	c.admin = net.JoinHostPort(host, port)
	return nil
}

// serveAdmin starts the admin server, if one is wanted, and has it observe the
// clock, which is ready for clients once it is listening and until ctx is done.
// The admin server stays after that, for there is something to see while lines
// in flight get through: the function that is returned ends it.
func (c *config) serveAdmin(ctx context.Context, listening *atomic.Bool, say *console) (stop func(), err error) {
	if c.admin == "" {
		return func() {}, nil
	}
	ln, err := accept.Listen(ctx, "tcp", c.admin)
	if err != nil {
		return nil, fmt.Errorf("%w: choose another -admin address", err)
	}
	metrics := admin.NewMetrics(c.engine, c.server.Options)
	c.server.Observer = metrics
	ready := func() error {
		switch {
		case ctx.Err() != nil:
			return errors.New("stopping")
		case !listening.Load():
			return errors.New("starting")
		}
		return nil
	}
	side := admin.Server{Metrics: metrics, Alive: c.server.Alive, Ready: ready, Log: say.log}

	url := "http://" + ln.Addr().String() + "/"
	say.that("metrics, health and profiles on "+url, "admin", "url", url)
	sideCtx, cancel := context.WithCancel(context.WithoutCancel(ctx))
	var serving sync.WaitGroup
	serving.Go(func() {
		if err := side.Serve(sideCtx, ln); err != nil {
			say.log.Error("the admin server has ended", slog.Any("error", err))
		}
	})
	return func() {
		cancel()
		serving.Wait()
	}, nil
}
