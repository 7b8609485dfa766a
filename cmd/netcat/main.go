package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"clock/address"
	_ "clock/cmd/internal/openfiles"
	"clock/cmd/internal/printable"
)

func main() {
	// A reader of our output that goes away is to be an error of Write, which
	// ends netcat quietly, and not a death by SIGPIPE.
	signal.Ignore(syscall.SIGPIPE)
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// run is the whole command; it returns the exit code.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	opts, err := parse(args, stdout)
	switch {
	case errors.Is(err, flag.ErrHelp):
		return 0
	case err != nil:
		fmt.Fprintf(stderr, "netcat: %v\n", err)
		return 2
	}

	// A write to a full pipe that nobody reads is ended by no signal, so the
	// copy is left behind when ctx is done.
	done := make(chan error, 1)
	go func() { done <- netcat(ctx, opts, stdout) }()
	select {
	case err = <-done:
	case <-ctx.Done():
	}
	if err == nil || ctx.Err() != nil {
		return 0
	}
	fmt.Fprintf(stderr, "netcat: %s\n", printable.Text(err.Error()))
	return 1
}

type options struct {
	network string
	address string
	limit   int // lines; 0 means no limit
}

const usage = `usage: netcat [-n=LINES] [-network=NETWORK] ADDRESS

Netcat prints what the clock server at ADDRESS sends, until the server ends the
connection or Ctrl-C. ADDRESS is host:port, or a path with -network=unix.

`

// parse returns the options in args. Asked for help, it prints the usage to
// stdout and returns flag.ErrHelp.
func parse(args []string, stdout io.Writer) (opts options, err error) {
	flags := flag.NewFlagSet("netcat", flag.ContinueOnError)
	flags.IntVar(&opts.limit, "n", 0, "stop after this many whole `LINES`; 0 means no limit")
	flags.StringVar(&opts.network, "network", "tcp", "`NETWORK` to connect over: tcp, tcp4, tcp6 or unix")
	flags.SetOutput(io.Discard) // run reports the error, in one line
	if err := flags.Parse(args); errors.Is(err, flag.ErrHelp) {
		flags.SetOutput(stdout)
		fmt.Fprint(stdout, usage)
		flags.PrintDefaults()
		return opts, err
	} else if err != nil {
		return opts, fmt.Errorf("%s; see netcat -help", printable.Text(err.Error()))
	}

	switch flags.NArg() {
	case 0:
		return opts, errors.New("no address given; try netcat localhost:8000")
	case 1:
		opts.address = flags.Arg(0)
	default:
		return opts, fmt.Errorf("unexpected argument %q; give one address, after the flags", flags.Arg(1))
	}
	if opts.limit < 0 {
		return opts, fmt.Errorf("-n=%d is negative; use -n=0 for no limit", opts.limit)
	}
	return opts, address.Check(opts.network, opts.address)
}
