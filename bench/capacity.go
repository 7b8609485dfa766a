package bench

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"clock/bench/load"
	"clock/bench/record"
	"clock/bench/slo"
)

const (
	// firstClients is the number of clients that a search begins with.
	firstClients = 250

	// closeEnough is the ratio of the least number of clients that was too many
	// to the most that was not, at which a search is content.
	closeEnough = 1.05

	// tooMany is what the capacity is multiplied by to confirm it: so many
	// clients must be too many.
	tooMany = 1.25

	// maxProbes bounds a search on a machine that answers differently each time.
	maxProbes = 40

	// busyServer is the share of its processors from which a server is said to
	// be short of them.
	busyServer = 0.9
)

// A Search looks for the capacity of a server: the most clients that it serves
// within an SLO.
type Search struct {
	Variant                    record.Variant
	Interval, Warmup, Duration time.Duration

	// CPUs is the number of processors that the server has, the fleet having
	// the others. 0 means half of them.
	CPUs int

	// Most is the most clients that may be tried. Limit is why, and Cause is
	// that in a word: record.Files or record.Most.
	Most         int
	Limit, Cause string

	SLO slo.SLO

	Watch func(SearchProgress)
}

// The purposes of a probe.
const (
	doubling   = "doubling"
	bisecting  = "bisecting"
	confirming = "confirming"
)

// SearchProgress is how a search goes.
type SearchProgress struct {
	Conns   int           // of the probe under way
	Purpose string        // of the probe under way
	Found   *record.Found // so far
	Load    load.Progress // of the probe under way
	Note    string        // what somebody should know, such as why a probe is repeated; mostly ""
}

// ErrInconclusive says that a search came to no end because of the fleet or of
// the machine, and not because of the server.
var ErrInconclusive = errors.New("inconclusive")

// Run searches: it doubles the clients until the SLO is missed, bisects until
// the bounds are within 5 %, and confirms: a second run at the capacity must
// meet the SLO, and one with a quarter more must miss it. A machine does not
// answer the same each time. The last answer for a number of clients counts,
// and where two answers contradict each other, both are asked for again.
//
// Run returns what it has found also with an error: ctx's, one that is
// [ErrInconclusive], or that of a server that could not be measured.
func (s Search) Run(ctx context.Context) (*record.Found, error) {
	t, err := s.trial()
	if err != nil {
		return new(record.Found), err
	}
	f := &finder{Search: s, cpus: len(t.serverCPU), found: new(record.Found)}
	f.try = func(ctx context.Context, conns int) (record.Run, error) {
		t := t
		t.fleet.Conns = conns
		t.watch = func(p load.Progress) { f.tell(p, "") }
		return untilConclusive(ctx, t.measure, func(note string) { f.tell(load.Progress{}, note) })
	}
	return f.found, f.find(ctx)
}

// trial returns what all runs of the search have in common.
func (s Search) trial() (trial, error) {
	env, err := Environment()
	if err != nil {
		return trial{}, err
	}
	t := trial{
		variant:  s.Variant,
		fleet:    fleetSpec{Ticker: s.Variant.Ticker, Interval: s.Interval, Warmup: s.Warmup, Duration: s.Duration},
		isolated: env.Namespace, serverCPU: env.ServerCPU, fleetCPU: env.FleetCPU,
	}
	if s.CPUs > 0 {
		all := slices.Compact(slices.Concat(env.ServerCPU, env.FleetCPU))
		if s.CPUs >= len(all) {
			return t, fmt.Errorf("%d processors for the server leave none for the clients: this machine has %d", s.CPUs, len(all))
		}
		t.serverCPU, t.fleetCPU = all[:s.CPUs], all[s.CPUs:]
	}
	return t, nil
}

// A finder is one search.
type finder struct {
	Search
	cpus    int // of the server
	try     func(ctx context.Context, conns int) (record.Run, error)
	found   *record.Found
	conns   int // of the probe under way
	purpose string
}

// find searches until the capacity is confirmed.
func (f *finder) find(ctx context.Context) error {
	for {
		conns, purpose := f.next()
		if conns == 0 {
			f.found.Confirmed = f.found.Capacity > 0
			return nil
		}
		if len(f.found.Probes) == maxProbes {
			return fmt.Errorf("%w: after %d runs the machine still answers differently each time; leave it alone, or count for longer", ErrInconclusive, maxProbes)
		}
		if err := f.probe(ctx, conns, purpose); err != nil {
			return err
		}
		f.conclude()
	}
}

// conclude sets the bounds from what the last run with each number of clients
// has shown.
func (f *finder) conclude() {
	found := f.found
	found.Capacity, found.Exceeded = 0, 0
	last := f.last()
	for conns, p := range last {
		if p.Misses != "" && (found.Exceeded == 0 || conns < found.Exceeded) {
			found.Exceeded = conns
		}
	}
	for conns, p := range last {
		if p.Misses == "" && (found.Exceeded == 0 || conns < found.Exceeded) {
			found.Capacity = max(found.Capacity, conns)
		}
	}
	found.Cause, found.Binds = f.binds(last)
}

// next returns how many clients to try next and why; 0 when the capacity is
// confirmed, or when not even one client is served within the SLO.
func (f *finder) next() (conns int, purpose string) {
	low, high := f.found.Capacity, f.found.Exceeded
	more := int(math.Ceil(tooMany * float64(low)))
	switch above := f.metAbove(high); {
	case low == 0 && high == 0:
		return min(firstClients, f.Most), doubling
	case above > 0 && f.tries(above) < f.tries(high):
		return above, confirming // one of the two is an accident
	case above > 0:
		return high, confirming
	case low == 0 && high == 1:
		return 0, ""
	case low == 0:
		return high / 2, doubling
	case high == 0 && low < f.Most:
		return min(2*low, f.Most), doubling
	case high > 0 && float64(high) > closeEnough*float64(low) && high > low+1:
		return int(math.Round(math.Sqrt(float64(low) * float64(high)))), bisecting
	case f.metTwice(low) && (more > f.Most || f.tries(more) > 0):
		return 0, ""
	case f.metTwice(low):
		return more, confirming
	}
	return low, confirming
}

// metAbove returns a number of clients above one that was too many that met
// the SLO all the same; 0 if there is none.
func (f *finder) metAbove(high int) (above int) {
	for conns, p := range f.last() {
		if high > 0 && conns > high && p.Misses == "" && (above == 0 || conns < above) {
			above = conns
		}
	}
	return above
}

// last returns the last probe with each number of clients.
func (f *finder) last() map[int]record.Probe {
	last := make(map[int]record.Probe)
	for _, p := range f.found.Probes {
		last[p.Conns] = p
	}
	return last
}

func (f *finder) tries(conns int) (n int) {
	for _, p := range f.found.Probes {
		if p.Conns == conns {
			n++
		}
	}
	return n
}

// metTwice reports whether the last two runs with so many clients met the SLO.
func (f *finder) metTwice(conns int) bool {
	inARow := 0
	for _, p := range f.found.Probes {
		switch {
		case p.Conns != conns:
		case p.Misses == "":
			inARow++
		default:
			inARow = 0
		}
	}
	return inARow >= 2
}

// probe runs the server with so many clients.
func (f *finder) probe(ctx context.Context, conns int, purpose string) error {
	f.conns, f.purpose = conns, purpose
	f.tell(load.Progress{}, "")
	run, err := f.try(ctx, conns)
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case err != nil:
		return fmt.Errorf("with %d clients: %w", conns, err)
	}
	missed := errors.Join(run.Load.Misses(f.SLO)...)
	// What others did to a run can only have made it worse.
	if doubts := run.Doubts(); len(run.Load.Inconclusive) > 0 || missed != nil && len(doubts) > 0 {
		return fmt.Errorf("%w with %d clients: %s", ErrInconclusive, conns, doubts[0])
	}
	judged, window := run.Load.Judged(), run.Load.To.Sub(run.Load.From)
	p := record.Probe{
		Conns: conns, Purpose: purpose, Time: run.Time,
		P50: judged.Percentile(50), P99: judged.Percentile(99), Max: judged.Max(),
		Reach: run.Load.Reach(), CPUPerLine: run.CPUPerLine(),
		Busy: run.ServerCPU.Seconds() / window.Seconds() / float64(f.cpus), OtherCPU: run.OtherCPU,
	}
	if missed != nil {
		p.Misses = strings.ReplaceAll(missed.Error(), "\n", "; ")
	}
	if run.Load.Failed+run.Load.Lost > 0 {
		p.Unserved = strings.Join(run.Load.Trouble(), ", ")
	}
	f.found.Probes = append(f.found.Probes, p)
	return nil
}

// tell passes the progress on.
func (f *finder) tell(p load.Progress, note string) {
	f.Watch(SearchProgress{Conns: f.conns, Purpose: f.purpose, Found: f.found, Load: p, Note: note})
}

// binds says what the capacity is bound by, as far as it is known: in a word,
// and for people.
func (f *finder) binds(last map[int]record.Probe) (cause, text string) {
	p, exceeded := last[f.found.Exceeded]
	switch {
	case !exceeded && f.found.Capacity < f.Most:
		return "", ""
	case !exceeded:
		return f.Cause, f.Limit
	case p.Busy >= busyServer:
		return record.CPU, fmt.Sprintf("the processor: with %d clients the server used %.0f%% of it", p.Conns, 100*p.Busy)
	case p.Unserved != "":
		return record.Unserved, fmt.Sprintf("clients that the server did not serve: with %d clients, %s", p.Conns, p.Unserved)
	}
	return record.SLO, fmt.Sprintf("the SLO: with %d clients, %s", p.Conns, p.Misses)
}
