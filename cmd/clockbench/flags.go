package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"time"

	"clock"
	"clock/cmd/internal/printable"
)

// newFlags returns the flag set of a command.
func newFlags(command string) *flag.FlagSet {
	flags := flag.NewFlagSet(command, flag.ContinueOnError)
	flags.SetOutput(io.Discard) // run reports the error, in one line
	flags.Usage = func() {}
	return flags
}

// parseFlags parses the arguments of a command. Asked for help, it prints the
// usage and the flags to stdout and returns flag.ErrHelp.
func parseFlags(flags *flag.FlagSet, args []string, stdout io.Writer, usage string) error {
	err := flags.Parse(args)
	switch {
	case errors.Is(err, flag.ErrHelp):
		fmt.Fprint(stdout, usage)
		flags.SetOutput(stdout)
		flags.PrintDefaults()
		return err
	case err != nil:
		return usageError("%s; see clockbench %s -help", printable.Text(err.Error()), flags.Name())
	}
	return nil
}

// noArguments returns an error if the flags are not all that was given.
func noArguments(flags *flag.FlagSet) error {
	if flags.NArg() > 0 {
		return usageError("unexpected argument %q: %s takes flags only; see clockbench %[2]s -help", flags.Arg(0), flags.Name())
	}
	return nil
}

// parseTicker reads the kind of a server's ticker.
func parseTicker(s string) (clock.TickerKind, error) {
	kind := clock.TickerKind(s)
	if kind != clock.Shared && kind != clock.PerConn {
		return "", fmt.Errorf("use %s or %s", clock.Shared, clock.PerConn)
	}
	return kind, nil
}

// parseInterval reads the interval of a server.
func parseInterval(s string) (time.Duration, error) {
	d, err := parsePositive(s)
	if err == nil && d < clock.MinInterval {
		err = fmt.Errorf("too short: at least %v", clock.MinInterval)
	}
	return d, err
}
