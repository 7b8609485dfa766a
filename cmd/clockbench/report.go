package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"syscall"

	"clock"
	"clock/bench/report"
)

const reportUsage = `usage: clockbench report [-o RESULTS.md] FILE.jsonl...

Report writes what the comparisons in the files have shown, with charts beside
the first of them.

`

// runReport is clockbench report.
func runReport(_ context.Context, args []string, stdout, _ io.Writer) error {
	flags := newFlags("report")
	out := flags.String("o", "RESULTS.md", "`file` for the report")
	if err := parseFlags(flags, args, stdout, reportUsage); err != nil {
		return err
	}
	if flags.NArg() == 0 {
		return usageError("no files given: give those that clockbench compare wrote")
	}
	written, err := report.Write(*out, flags.Args())
	for _, path := range written {
		if _, err := fmt.Fprintln(stdout, path); err != nil && !errors.Is(err, syscall.EPIPE) {
			return fmt.Errorf("cannot write to standard output: %s", clock.Cause(err))
		}
	}
	return err
}
