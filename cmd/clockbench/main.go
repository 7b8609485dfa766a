package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"
	_ "time/tzdata" // zones, also where the machine has none

	"clock/bench"
	_ "clock/cmd/internal/openfiles"
	"clock/cmd/internal/printable"
)

func main() {
	bench.Role() // does not return in a process that a comparison has started
	// A reader of our output that goes away is to be an error of Write, which
	// does not change the exit code, and not a death by SIGPIPE. To ignore the
	// signal would do the same to the servers that are measured.
	signal.Notify(make(chan os.Signal, 1), syscall.SIGPIPE)
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // the second signal does what signals do
	os.Exit(run(ctx, os.Args[1:], os.Stdout, os.Stderr))
}

// The exit codes. That a server misses what it is held to has the one that k6
// gives to thresholds that are crossed, far from those of errors.
const (
	exitFailed       = 1
	exitUsage        = 2
	exitInconclusive = 3
	exitMissed       = 99
)

// An exitError is an error with an exit code other than exitFailed.
type exitError struct {
	error
	code int
}

func (e exitError) Unwrap() error { return e.error }

// usageError says that the command was called wrongly.
func usageError(format string, args ...any) error {
	return exitError{fmt.Errorf(format, args...), exitUsage}
}

// A command is one of those that clockbench has.
type command struct {
	name, about string
	run         func(ctx context.Context, args []string, stdout, stderr io.Writer) error
}

var commands = []command{
	{"load", "load a clock server, and tell what its clients saw", runLoad},
	{"compare", "measure several servers against each other, and against the floor", runCompare},
	{"capacity", "find the most clients that a server holds within an SLO", runCapacity},
	{"plan", "tell from what compare has measured how many boxes a service takes", runPlan},
	{"soak", "keep a server under storms for long, and tell whether it leaks", runSoak},
	{"report", "make a report from what compare has measured", runReport},
}

// run is the whole of clockbench; it returns the exit code.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	if len(args) == 0 {
		fmt.Fprintln(stderr, "clockbench: no command given: see clockbench -help")
		return exitUsage
	}
	switch args[0] {
	case "-h", "-help", "--help", "help":
		printUsage(stdout)
		return 0
	}
	for _, c := range commands {
		if c.name == args[0] {
			return finish("clockbench "+c.name, c.run(ctx, args[1:], stdout, stderr), stderr)
		}
	}
	fmt.Fprintf(stderr, "clockbench: unknown command %q: see clockbench -help\n", args[0])
	return exitUsage
}

// finish tells the error of a command, in a line for each part of it, and
// returns the exit code.
func finish(name string, err error, stderr io.Writer) int {
	if err == nil || errors.Is(err, flag.ErrHelp) {
		return 0
	}
	for line := range strings.Lines(err.Error()) {
		fmt.Fprintf(stderr, "%s: %s\n", name, printable.Text(strings.TrimSpace(line)))
	}
	var exit exitError
	if errors.As(err, &exit) {
		return exit.code
	}
	return exitFailed
}

func printUsage(w io.Writer) {
	fmt.Fprint(w, "Usage: clockbench COMMAND [flags]\n\nClockbench measures clock servers.\n\n")
	for _, c := range commands {
		fmt.Fprintf(w, "  %-9s%s\n", c.name, c.about)
	}
	fmt.Fprint(w, "\nclockbench COMMAND -help lists the flags of a command.\n")
}
