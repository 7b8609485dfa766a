package main

import (
	"io"
	"slices"
	"strconv"

	"clock"
	"clock/bench/plan"
)

const planUsage = `usage: clockbench plan [flags] -clients N -slo BOUNDS FILE.jsonl...

Plan tells from what compare has measured how many boxes a service takes, with
each of the servers, and what binds.

`

type planOptions struct {
	plan.Target
	servers []string // names in the data; none means all
	json    string   // path; "" means none
	files   []string
}

// parsePlan reads the flags of clockbench plan.
func parsePlan(args []string, stdout io.Writer) (planOptions, error) {
	var o planOptions
	flags := newFlags("plan")
	define(flags, &o.Clients, "clients", "", parseCount, "`number` of clients to serve, such as 1M")
	define(flags, &o.SLO, "slo", "", parseSLO, "`bounds` on the lag, or the jitter with a ticker per connection, such as p99=100ms")
	define(flags, &o.Interval, "interval", clock.DefaultInterval.String(), parseInterval, "`time` from line to line")
	define(flags, &o.Headroom, "headroom", "65%", parseHeadroom, "`share` of its capacity that a box is filled to, even while another is down")
	define(flags, &o.Box.Cores, "cores", "8", parseCount, "`number` of cores that a server has on a box")
	define(flags, &o.Box.Memory, "mem", "16GiB", parseBytes, "`bytes` that server and kernel have for clients on a box, such as 16GiB")
	define(flags, &o.Box.Files, "files", strconv.Itoa(plan.DefaultFiles), parseCount, "`number` of files that a process may have open, ulimit -n")
	define(flags, &o.Box.TCPMemory, "tcp-mem", "", parseBytes, "`bytes` that TCP may have, the last figure of net.ipv4.tcp_mem times 4KiB (default 3/32 of -mem, as Linux takes)")
	define(flags, &o.Box.Proxies, "proxies", "", parseCount, "`number` of addresses that proxies in front of a box connect from (default none: clients connect themselves)")
	define(flags, &o.Box.Packets, "nic", "", parsePackets, "`packets` a second that a box can send, such as 1M/s (default unknown)")
	flags.Func("server", "`name` of a server in the data to plan with, such as gnet/shared; may be given several times (default all that were measured)", func(s string) error {
		o.servers = append(o.servers, s)
		return nil
	})
	flags.BoolVar(&o.Extrapolate, "extrapolate", false, "take lag and jitter beyond what was measured")
	flags.StringVar(&o.json, "json", "", "`file` for the plan as JSON, or - for standard output")
	if err := parseFlags(flags, args, stdout, planUsage); err != nil {
		return o, err
	}
	o.files = flags.Args()
	switch {
	case o.Clients == 0:
		return o, usageError("no clients given: say how many, such as -clients=1M")
	case len(o.SLO) == 0:
		return o, usageError("no SLO given: bound a percentile, such as -slo=p99=100ms")
	case len(o.files) == 0:
		return o, usageError("no files given: give those that clockbench compare wrote, such as bench/results/*.jsonl")
	}
	for i, path := range o.files {
		if slices.Contains(o.files[:i], path) {
			return o, usageError("%s is given twice: its runs count once", path)
		}
	}
	return o, nil
}
