package main

import (
	"errors"
	"flag"
	"io"
	"math"
	"strings"
	"testing"

	"clock/bench/load"
)

// FuzzParse looks for arguments that make a command's parser panic, or whose
// error is no line. A space ends an argument.
func FuzzParse(f *testing.F) {
	for _, args := range []string{
		"-conns=10k -duration=5s -slo=p99=50ms,max=1s -churn=100/s -stalled=1%",
		"-network=unix -addr=/tmp/clock.sock -portable -layout=StampMicro -interval=10ms",
		"-source=127.0.0.2,::1 -rate=all -storm -json=- -hdr=x -workers=2 -batch=1ms",
		"-o x.jsonl -conns=1k,5k -server=gnet/shared -server=floor -control=none -rounds=3",
		"-o=x.jsonl -server mine:shared=./mine{addr} -stalled=0 -interval=1500ms -seed=7",
		"-slo=p99=50ms -server=gnet/per-conn -cpus=1 -most=1k",
		"-server=gnet/shared -every=10s -bad=100 -warmup=10s -duration=1m -churn=1/s",
		"-warmup=5 -conns=1e3",
		"-help",
		"-no\nflag",
		"load",
	} {
		f.Add(args)
	}
	parsers := map[string]func(args []string) error{
		"load": func(args []string) error {
			_, err := parseLoad(args, io.Discard)
			return err
		},
		"capacity": func(args []string) error {
			_, err := parseCapacity(args, io.Discard)
			return err
		},
		"compare": func(args []string) error {
			o, err := parseCompare(args, io.Discard)
			if err == nil {
				_, err = o.plan()
			}
			return err
		},
		"soak": func(args []string) error {
			_, err := parseSoak(args, io.Discard)
			return err
		},
	}
	f.Fuzz(func(t *testing.T, args string) {
		for name, parse := range parsers {
			err := parse(strings.Split(args, " "))
			if err == nil || errors.Is(err, flag.ErrHelp) {
				continue
			}
			if msg := err.Error(); msg == "" || strings.Contains(msg, "\n") {
				t.Errorf("%s %q: the error is not one line: %q", name, args, msg)
			}
			var exit exitError
			if !errors.As(err, &exit) || exit.code != exitUsage {
				t.Errorf("%s %q: the error is none of usage: %v", name, args, err)
			}
		}
	})
}

// FuzzValues looks for text that a parser of flags takes for a value that it
// must not return.
func FuzzValues(f *testing.F) {
	for _, text := range []string{"10k", "1.5M", "1%", "100%", "99.99999999999999999%", "5k/s", "all", "1.5ms", "5", "p99=50ms,max=1s", "127.0.0.2,::1", "NaN"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		check := func(name string, value any, good bool, err error) {
			switch {
			case err == nil && !good:
				t.Errorf("%q is the %s %v", text, name, value)
			case err != nil && (err.Error() == "" || strings.Contains(err.Error(), "\n")):
				t.Errorf("%q as %s: the error is not one line: %q", text, name, err)
			}
		}
		n, err := parseCount(text)
		check("count", n, n >= 1 && n <= math.MaxInt32, err)
		share, err := parseShare(text)
		check("share", share, share >= 0 && share < 1, err)
		rate, err := parseRate(text)
		check("rate", rate, rate >= 0 && rate <= math.MaxInt32, err)
		rate, err = parseConnectRate(text)
		check("rate to connect at", rate, rate > 0 && (rate <= math.MaxInt32 || rate == load.AtOnce), err)
		d, err := parsePositive(text)
		check("duration", d, d > 0, err)
		bounds, err := parseSLO(text)
		check("SLO", bounds, len(bounds) == 1+strings.Count(text, ","), err)
		for _, b := range bounds {
			check("bound", b, b.Limit > 0, err)
		}
		sources, err := listOf(parseSource)(text)
		check("list of sources", sources, len(sources) == 1+strings.Count(text, ","), err)
	})
}
