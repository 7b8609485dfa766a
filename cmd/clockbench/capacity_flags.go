package main

import (
	"fmt"
	"io"
	"time"

	"clock"
	"clock/bench/record"
	"clock/bench/slo"
	"clock/engine"
)

const capacityUsage = `usage: clockbench capacity -slo=BOUNDS [flags]

Capacity looks for the most clients that a server holds within an SLO. It starts
the server afresh for each number of clients that it tries.

`

type capacityOptions struct {
	server                     record.Variant
	slo                        slo.SLO
	interval, warmup, duration time.Duration
	cpus                       int
	most                       int    // clients
	limit, cause               string // why no more, and that in a word
	json                       string // path; "" means none
}

// parseCapacity reads the flags of clockbench capacity.
func parseCapacity(args []string, stdout io.Writer) (capacityOptions, error) {
	var o capacityOptions
	flags := newFlags("capacity")
	define(flags, &o.server, "server", "goroutine/per-conn", parseServer, "the `server`: "+serverUsage)
	define(flags, &o.slo, "slo", "", parseSLO, "`bounds` to hold the server to, such as p99=50ms,max=1s")
	define(flags, &o.interval, "interval", clock.DefaultInterval.String(), parseSeconds, "`time` from line to line, at least 1s")
	define(flags, &o.cpus, "cpus", "", parseCount, "`number` of processors for the server, the clients having the others (default half of them)")
	define(flags, &o.duration, "duration", "5s", parsePositive, "`time` that each number of clients is counted for")
	define(flags, &o.warmup, "warmup", "2s", parsePositive, "`time` between the last client's first line and the counting")
	define(flags, &o.most, "most", "", parseCount, "`clients` to try at the most (default what the limit on open files leaves room for)")
	flags.StringVar(&o.json, "json", "", "`file` for what was found and each run, as JSON, or - for standard output")
	if err := parseFlags(flags, args, stdout, capacityUsage); err != nil {
		return o, err
	}
	if err := noArguments(flags); err != nil {
		return o, err
	}
	if len(o.slo) == 0 {
		return o, usageError("no SLO: give the bounds that the server has to keep, such as -slo=p99=50ms")
	}
	o.limit, o.cause = fmt.Sprintf("-most=%d", o.most), record.Most
	if room := roomFor(o.server); o.most == 0 || o.most > room {
		o.most, o.cause = room, record.Files
		o.limit = fmt.Sprintf("the limit on open files, which leaves room for %d connections in a process", room)
	}
	return o, nil
}

// roomFor returns how many connections a fleet and a server may have, in a
// process each. One of ours keeps some files for itself.
func roomFor(v record.Variant) int {
	room := clock.FileLimit()
	if s, err := engine.New(v.Engine, clock.Options{Ticker: v.Ticker}); err == nil {
		room = min(room, s.MaxConns)
	}
	return room
}
