package main

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"text/tabwriter"
	"time"

	"clock"
	"clock/bench"
	"clock/bench/load"
	"clock/bench/record"
	"clock/bench/slo"
)

// runCapacity is clockbench capacity.
func runCapacity(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	o, err := parseCapacity(args, stdout)
	if err != nil {
		return err
	}
	env, err := bench.Environment()
	if err != nil {
		return err
	}
	out, err := openOutputs(ctx, stdout, nil, o.json, "")
	if err != nil {
		return err
	}
	defer out.close()
	view := &capacityView{progress: newProgress("clockbench capacity", stderr), ticker: o.server.Ticker}
	view.warn(env)
	view.note("%s within %s, with at most %d clients", o.server.Name, o.slo, o.most)
	search := bench.Search{
		Variant: o.server, Interval: o.interval, Warmup: o.warmup, Duration: o.duration, CPUs: o.cpus,
		Most: o.most, Limit: o.limit, Cause: o.cause, Watch: view.show,
		SLO: o.slo,
	}
	began := time.Now().UTC().Truncate(time.Second)
	found, err := search.Run(ctx)
	view.tellProbes(found)
	view.clear()
	r := record.Search{
		Version: record.Version, Time: began, Env: env, Server: o.server, CPUs: cmp.Or(o.cpus, len(env.ServerCPU)), SLO: o.slo,
		Interval: o.interval, Warmup: o.warmup, Duration: o.duration, Most: o.most, Found: *found,
	}
	verdict := capacityVerdict(ctx, o, found, err)
	if len(found.Probes) == 0 {
		return verdict // and no result, to replace another by
	}
	return errors.Join(verdict, out.write(r, summarize(r), nil))
}

// summarize returns what a search has found, for people.
func summarize(r record.Search) []byte {
	var b bytes.Buffer
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	row := func(name, format string, args ...any) { fmt.Fprintf(w, name+"\t"+format+"\n", args...) }
	row("server", "%s, a line every %v", r.Server.Name, r.Interval)
	row("SLO", "%s", r.SLO.Show())
	switch {
	case r.Capacity == 0 && r.Exceeded == 0:
		row("capacity", "not found")
	case r.Capacity == 0:
		row("capacity", "none, or less than %d clients", r.Exceeded)
	case r.Confirmed:
		row("capacity", "%d clients, confirmed by a further run", r.Capacity)
	default:
		row("capacity", "%d clients or more, not confirmed", r.Capacity)
	}
	if r.Binds != "" {
		row("bound by", "%s", r.Binds)
	}
	for _, p := range r.Probes {
		if p.Conns == r.Capacity || p.Misses != "" && float64(p.Conns) >= 1.25*float64(r.Capacity) && p.Purpose == "confirming" {
			row(fmt.Sprintf("with %d", p.Conns), "%s", describeProbe(r.Server.Ticker, p))
		}
	}
	w.Flush()
	return b.Bytes()
}

// describeProbe says in a line what a run of a search has shown.
func describeProbe(ticker clock.TickerKind, p record.Probe) string {
	verdict := "met"
	if p.Misses != "" {
		verdict = "missed"
	}
	return fmt.Sprintf("%s p99 %v, %.2f µs a line; %s", slo.Measure(ticker), load.Brief(p.P99), 1e6*p.CPUPerLine, verdict)
}

// capacityVerdict says what is wrong with a search, where anything is.
func capacityVerdict(ctx context.Context, o capacityOptions, f *record.Found, err error) error {
	switch {
	case ctx.Err() != nil:
		return errors.New("interrupted: the figures are of the runs until then")
	case errors.Is(err, bench.ErrInconclusive):
		return exitError{err, exitInconclusive}
	case err != nil:
		return err
	case f.Capacity == 0:
		return exitError{fmt.Errorf("%s cannot be met: even with one client, %s", o.slo, f.Probes[len(f.Probes)-1].Misses), exitMissed}
	}
	return nil
}

// A capacityView shows how a search goes.
type capacityView struct {
	*progress
	ticker clock.TickerKind // of the server
	told   int              // probes
	pace   pace
}

// show is the watch of a search.
func (v *capacityView) show(p bench.SearchProgress) {
	v.tellProbes(p.Found)
	if p.Note != "" {
		v.note("%d clients: %s", p.Conns, p.Note)
	}
	now := time.Now()
	v.draw(fmt.Sprintf("%s, %d clients; %s", bounds(p.Found), p.Conns, describe(p.Load, v.pace.of(p.Load, now), now)))
}

// tellProbes tells of the probes that have ended, a line each.
func (v *capacityView) tellProbes(f *record.Found) {
	for ; v.told < len(f.Probes); v.told++ {
		p := f.Probes[v.told]
		v.note("%s, %d clients: %s", p.Purpose, p.Conns, describeProbe(v.ticker, p))
	}
}

// bounds says what is known of a capacity.
func bounds(f *record.Found) string {
	if f.Exceeded == 0 {
		return fmt.Sprintf("over %d", f.Capacity)
	}
	return fmt.Sprintf("%d to %d", f.Capacity, f.Exceeded)
}
