package main

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"clock/address"
	_ "clock/cmd/internal/openfiles"
)

func main() {
	// A reader of our output that goes away is to be an error of Write, which
	// ends clockwall quietly, and not a death by SIGPIPE.
	signal.Ignore(syscall.SIGPIPE)
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second signal ends even a write that is stuck
	os.Exit(run(ctx, os.Args[1:], os.Stdout, os.Stderr))
}

// run is the whole command; it returns the exit code.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	opts, err := parse(args, stdout)
	switch {
	case errors.Is(err, flag.ErrHelp):
		return 0
	case err != nil:
		fmt.Fprintf(stderr, "clockwall: %v\n", err)
		return 2
	}

	ctx, enough := context.WithCancel(ctx)
	defer enough()
	dialer := net.Dialer{Timeout: address.DialTimeout}
	wall := &wall{opts.network, opts.layout, opts.clocks}
	view := newView(opts, stdout, enough)
	err = wall.show(ctx, dialer.DialContext, view)
	err = cmp.Or(err, view.close())
	if err == nil {
		return 0
	}
	for line := range strings.Lines(err.Error()) {
		fmt.Fprintf(stderr, "clockwall: %s\n", strings.TrimSpace(line))
	}
	return 1
}
