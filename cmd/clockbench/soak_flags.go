package main

import (
	"io"

	"clock"
	"clock/bench"
)

const soakUsage = `usage: clockbench soak [flags]

Soak starts a server and keeps it under clients that behave, and others that
come in storms, leave, and stall, all at once; and tells whether its memory,
files or goroutines grow, and whether the clients that behave get every line.

`

type soakOptions struct {
	bench.SoakPlan
	json string // path; "" means none
}

// parseSoak reads the flags of clockbench soak.
func parseSoak(args []string, stdout io.Writer) (soakOptions, error) {
	var o soakOptions
	flags := newFlags("soak")
	define(flags, &o.Server, "server", "goroutine/shared", parseServer, "the `server`: "+serverUsage)
	define(flags, &o.Duration, "duration", "10m", parsePositive, "`time` to count for")
	define(flags, &o.Warmup, "warmup", "2m", parsePositive, "`time` before the counting, with all the misbehaviour in it")
	define(flags, &o.Interval, "interval", clock.DefaultInterval.String(), parseInterval, "`time` from line to line")
	define(flags, &o.Conns, "conns", "5k", parseCount, "number of `clients` that behave")
	define(flags, &o.Bad, "bad", "1k", parseCount, "number of `clients` that do not: they come all at once, and leave all at once")
	define(flags, &o.Every, "every", "30s", parsePositive, "`time` from one storm of them to the next")
	define(flags, &o.Stalled, "stalled", "10%", parseShare, "`share` of them that never read")
	define(flags, &o.Churn, "churn", "100/s", parseRate, "`clients` of them a second that leave and reconnect between the storms")
	flags.StringVar(&o.json, "json", "", "`file` for the result and its samples as JSON, or - for standard output")
	if err := parseFlags(flags, args, stdout, soakUsage); err != nil {
		return o, err
	}
	if err := noArguments(flags); err != nil {
		return o, err
	}
	if err := o.Check(); err != nil {
		return o, usageError("%w", err)
	}
	return o, nil
}
