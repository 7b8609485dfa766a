package main

import (
	"errors"
	"io"

	"clock"
	"clock/bench/load"
	"clock/bench/slo"
)

// defaultAddr is the address of the book's server.
const defaultAddr = "localhost:8000"

const loadUsage = `usage: clockbench load [flags]

Load connects clients to a clock server, lets them warm up, counts for a while,
and tells what they saw.

`

type loadOptions struct {
	load.Config
	slo       slo.SLO
	json, hdr string // paths; "" means none
}

// parseLoad reads the flags of clockbench load.
func parseLoad(args []string, stdout io.Writer) (loadOptions, error) {
	var o loadOptions
	var layout, tz string
	flags := newFlags("load")
	flags.StringVar(&o.Network, "network", "tcp", "`name` of the network: tcp, tcp4, tcp6 or unix")
	flags.StringVar(&o.Addr, "addr", defaultAddr, "`address` of the server: host:port, or the path of a unix socket")
	define(flags, &o.Conns, "conns", "1k", parseCount, "number of `clients`, such as 10k")
	define(flags, &o.Duration, "duration", "10s", parsePositive, "`time` to count for")
	define(flags, &o.Rate, "rate", "", parseConnectRate, "`clients` to connect per second, such as 5k, or all for all at once (default all of them within an interval)")
	define(flags, &o.Warmup, "warmup", "", parsePositive, "`time` between the last client's first line and the counting (default two intervals)")
	define(flags, &o.Interval, "interval", clock.DefaultInterval.String(), parseInterval, "the server's `time` from line to line")
	flags.StringVar(&layout, "layout", clock.DefaultLayout, "`layout` of the server's lines, as in Go's package time, or the name of one there, such as RFC1123")
	flags.StringVar(&tz, "tz", "Local", "time `zone` of the server's lines, such as Europe/Berlin")
	define(flags, &o.Ticker, "ticker", "", parseTicker, "the server's `kind` of ticker: shared or per-conn (default the one that its lines show)")
	define(flags, &o.Stalled, "stalled", "", parseShare, "`share` of the clients that never read, such as 1%")
	define(flags, &o.Churn, "churn", "", parseRate, "`clients` a second that leave and reconnect, such as 100/s")
	flags.BoolVar(&o.Storm, "storm", false, "after the counting, make all clients leave, and come back at once")
	define(flags, &o.Sources, "source", "", listOf(parseSource), "`addresses` to connect from, in turn, such as 127.0.0.2,127.0.0.3 (default what there is need of on loopback)")
	define(flags, &o.Workers, "workers", "", parseCount, "`number` of epoll loops (default one for each processor)")
	define(flags, &o.Batch, "batch", "", parsePositive, "`time` that arriving lines are left to gather (default "+load.DefaultBatch.String()+", or a quarter of the interval where that is shorter)")
	flags.BoolVar(&o.Portable, "portable", false, "use package net even where there is better")
	define(flags, &o.slo, "slo", "", parseSLO, "`bounds` to hold the server to, such as p99=50ms,max=1s")
	flags.StringVar(&o.json, "json", "", "`file` for the result as JSON, or - for standard output")
	flags.StringVar(&o.hdr, "hdr", "", "`file` for the distribution of the lag, or jitter, as HdrHistogram's plotters read it, or - for standard output")

	if err := parseFlags(flags, args, stdout, loadUsage); err != nil {
		return o, err
	}
	if err := noArguments(flags); err != nil {
		return o, err
	}
	var err error
	if o.Network == "unix" && o.Addr == defaultAddr {
		err = errors.New("a unix socket needs a path, such as -addr=/tmp/clock.sock")
	}
	if err == nil {
		o.Face.Layout, err = clock.ParseLayout(layout)
	}
	if err == nil {
		o.Face.Zone, err = clock.LoadZone(tz)
	}
	if err == nil {
		err = o.Check()
	}
	if err != nil {
		return o, usageError("%w", err)
	}
	return o, nil
}
