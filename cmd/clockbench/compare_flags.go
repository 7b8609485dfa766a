package main

import (
	"errors"
	"flag"
	"io"
	"math/rand/v2"
	"time"

	"clock"
	"clock/bench/record"
)

const compareUsage = `usage: clockbench compare [flags] -o FILE.jsonl

Compare starts each server again and again, in random order, loads it, and adds
what it measures to FILE.jsonl. Run again with the same flags, it goes on where
it was interrupted.

`

type compareOptions struct {
	conns                      []int
	rounds                     int
	stalled                    float64
	stalledConns               int
	duration, warmup, interval time.Duration
	servers                    []record.Variant // none means all of ours
	control                    string           // name of one of them, "none", or "" for the default
	seed                       uint64
	seedGiven                  bool
	out                        string
}

// parseCompare reads the flags of clockbench compare.
func parseCompare(args []string, stdout io.Writer) (compareOptions, error) {
	var o compareOptions
	flags := newFlags("compare")
	define(flags, &o.conns, "conns", "1k,5k,10k,18k", listOf(parseCount), "`numbers` of clients, each measured on its own")
	define(flags, &o.rounds, "rounds", "5", parseCount, "`number` of times that each is measured")
	define(flags, &o.stalled, "stalled", "1%", parseShare, "`share` of clients that never read, in a further measurement of each server; 0 for none")
	define(flags, &o.stalledConns, "stalled-conns", "10k", parseCount, "number of `clients` in that measurement")
	define(flags, &o.duration, "duration", "10s", parsePositive, "`time` that each measurement counts for")
	define(flags, &o.warmup, "warmup", "3s", parsePositive, "`time` between the last client's first line and the counting")
	define(flags, &o.interval, "interval", clock.DefaultInterval.String(), parseSeconds, "`time` from line to line, at least 1s")
	flags.StringVar(&o.control, "control", "", "the `server` that is measured twice in each round, to show what no difference looks like, or none (default gnet/shared, or else the first)")
	flags.Func("server", "a `server`: "+serverUsage+"; may be given several times (default all of ours; the floor is always measured)", func(s string) error {
		v, err := parseServer(s)
		o.servers = append(o.servers, v)
		return err
	})
	flags.Uint64Var(&o.seed, "seed", 0, "`number` that the random order follows from (default a random one)")
	flags.StringVar(&o.out, "o", "", "`file` for the measurements, which are added to those in it")
	if err := parseFlags(flags, args, stdout, compareUsage); err != nil {
		return o, err
	}
	if err := noArguments(flags); err != nil {
		return o, err
	}
	if o.out == "" {
		return o, usageError("no file for the measurements: give one, such as -o compare.jsonl")
	}
	if o.out == toStdout {
		return o, usageError("-o cannot be standard output, for a comparison goes on with its file: give one, such as -o compare.jsonl")
	}
	flags.Visit(func(f *flag.Flag) { o.seedGiven = o.seedGiven || f.Name == "seed" })
	if !o.seedGiven {
		o.seed = rand.Uint64()
	}
	return o, nil
}

// parseSeconds reads an interval of lines that show the second.
func parseSeconds(s string) (time.Duration, error) {
	d, err := parsePositive(s)
	if err == nil && d < time.Second {
		err = errors.New("too short: at least 1s, for the lines show seconds")
	}
	return d, err
}
