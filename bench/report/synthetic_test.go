package report_test

import (
	"bytes"
	"cmp"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"clock"
	"clock/bench/load"
	"clock/bench/record"
	"clock/bench/report"
	"clock/bench/slo"
)

// A server is one that the tests make up, with what it costs.
type server struct {
	record.Variant
	cpu    float64       // µs per line
	user   float64       // bytes per client
	delay  time.Duration // the p50 of lag and jitter with 1,000 clients
	drift  float64       // ns per tick
	storm  float64       // clients a second
	faulty bool          // loses some lines
}

// A comparison is made-up data: the same every time.
type comparison struct {
	servers       []server
	sizes         []int
	stalled       float64 // with the last of the sizes
	rounds        int
	noStorm       bool
	othersUnknown bool
	build         string            // "" for one that is known
	change        func(*record.Run) // of each run
}

// ours are made-up figures of the servers of this repository.
func ours() comparison {
	server := func(name, engine string, ticker clock.TickerKind, cpu, user float64, delay time.Duration) server {
		return server{Variant: record.Variant{Name: name, Engine: engine, Ticker: ticker}, cpu: cpu, user: user, delay: delay, storm: 10_000}
	}
	c := comparison{sizes: []int{1000, 16000}, stalled: 0.1, rounds: 5}
	c.servers = append(c.servers,
		server("goroutine/per-conn", "goroutine", clock.PerConn, 12, 5800, 200*time.Microsecond),
		server("goroutine/shared", "goroutine", clock.Shared, 9.2, 3500, 6*time.Millisecond),
		server("gnet/per-conn", "gnet", clock.PerConn, 8.4, 750, 150*time.Microsecond),
		server("gnet/shared", "gnet", clock.Shared, 8.1, 750, 5*time.Millisecond),
		server("gnet/shared again", "gnet", clock.Shared, 8.1, 750, 5*time.Millisecond),
		server(record.FloorName, "", clock.Shared, 8, 40, 4*time.Millisecond))
	c.servers[0].drift = 250e3
	c.servers[2].storm, c.servers[3].storm, c.servers[4].storm = 14_000, 14_000, 14_000
	c.servers[4].Control = "gnet/shared"
	return c
}

// cells are all servers at all sizes, and ours with stalled clients.
func (c comparison) cells() []record.Cell {
	var cells []record.Cell
	for _, s := range c.servers {
		for _, conns := range c.sizes {
			cells = append(cells, record.Cell{Variant: s.Name, Conns: conns})
		}
		if c.stalled > 0 && s.Control == "" && s.Name != record.FloorName {
			cells = append(cells, record.Cell{Variant: s.Name, Conns: c.sizes[len(c.sizes)-1], Stalled: c.stalled})
		}
	}
	return cells
}

// set measures.
func (c comparison) set() *record.Set {
	start := time.Date(2026, 3, 1, 10, 0, 0, 0, time.UTC)
	set := &record.Set{Header: record.Header{
		Version: record.Version,
		Time:    start,
		Plan:    record.Plan{Cells: c.cells(), Rounds: c.rounds, Interval: time.Second, Warmup: 3 * time.Second, Duration: 20 * time.Second, Seed: 7},
		Env: record.Environment{CPU: "Example 3000", CPUs: 2, Memory: 8e9, Kernel: "6.1.0", OS: "linux", Arch: "amd64", Go: "go1.26", Build: "v1.2.3",
			Files: 1 << 20, Congest: "cubic", Namespace: true, ServerCPU: []int{0}, FleetCPU: []int{1}},
	}}
	set.Env.OthersUnknown, set.Env.Build = c.othersUnknown, cmp.Or(c.build, set.Env.Build)
	random := rand.New(rand.NewPCG(1, 2))
	for _, s := range c.servers {
		set.Plan.Variants = append(set.Plan.Variants, s.Variant)
	}
	for round := range c.rounds {
		machine := 1 + 0.1*random.Float64() // some rounds are slower than others
		for _, cell := range set.Plan.Cells {
			for _, s := range c.servers {
				if s.Name == cell.Variant {
					r := s.measure(round, cell, machine, random, !c.noStorm)
					if c.change != nil {
						c.change(&r)
					}
					set.Runs = append(set.Runs, r)
				}
			}
		}
	}
	return set
}

// measure makes up a run.
func (s server) measure(round int, cell record.Cell, machine float64, random *rand.Rand, storm bool) record.Run {
	noisy := func(x float64) float64 { return x * machine * (1 + 0.03*(random.Float64()-0.5)) }
	lines := int64(20 * cell.Conns)
	delay := noisy(float64(s.delay) * float64(cell.Conns) / 1000)
	if cell.Stalled > 0 {
		delay *= 1.5
	}
	l := &load.Result{
		Fleet: "epoll", Conns: cell.Conns, Ticker: s.Ticker, Interval: time.Second,
		Connect: load.Connect{Clients: cell.Conns, Took: time.Second, First: spread(noisy(2e5))},
		Lines:   lines, AllLines: lines, Jitter: spread(delay / 4), Drift: s.drift + 100*(random.Float64()-0.5),
		Span: load.Span{Median: time.Duration(2 * delay), Max: time.Duration(3 * delay)}, Fairness: noisy(1.2),
		CPUShare: 0.4, Behind: 3 * time.Millisecond,
	}
	if s.Ticker == clock.Shared {
		l.Lag = spread(delay)
	} else {
		l.Jitter = spread(delay)
		l.Skipped = int64(s.drift / 1e9 * float64(lines))
	}
	if s.faulty {
		l.Lines, l.Missing = lines-7, 7
	}
	if storm {
		took := float64(cell.Conns) / noisy(s.storm) * 1e9
		l.Storm = &load.Connect{Clients: cell.Conns, Took: time.Duration(took), First: spread(took / 2)}
	}
	return record.Run{
		Round: round, Cell: cell, Load: l,
		ServerCPU:  time.Duration(noisy(s.cpu) * 1e3 * float64(lines)),
		UserMemory: noisy(s.user), KernelMemory: noisy(4900),
		OtherCPU: 0.01 * machine, LoadBefore: [3]float64{0.5, 0.5, 0.5},
	}
}

// spread is a distribution whose median is about that many nanoseconds.
func spread(median float64) *load.Histogram {
	h := load.NewHistogram()
	for i := range 400 {
		x := float64(i+1) / 200
		h.Record(time.Duration(median * x * x))
	}
	return h
}

// searches are made-up searches for the capacity of gnet/shared, which found
// what is given; 0 is a search that came to no end.
func (c comparison) searches(limit time.Duration, found ...int) []record.Search {
	var list []record.Search
	for _, capacity := range found {
		list = append(list, record.Search{
			Version: record.Version, Time: time.Date(2026, 3, 2, 10, len(list), 0, 0, time.UTC), Env: c.set().Env, Server: c.servers[3].Variant, CPUs: 1,
			SLO:      slo.SLO{{Percentile: 99, Limit: limit}},
			Interval: time.Second, Warmup: time.Second, Duration: 3 * time.Second, Most: 20_000,
			Found: record.Found{Capacity: capacity, Exceeded: capacity * 21 / 20, Confirmed: capacity > 0, Binds: "the SLO: with a few more clients, it is missed"},
		})
	}
	return list
}

// render returns the report of made-up data.
func render(t *testing.T, sets ...*record.Set) *report.Report {
	t.Helper()
	var sources []report.Source
	for i, set := range sets {
		set.Time = set.Time.Add(time.Duration(i) * time.Hour) // each is a comparison of its own
		sources = append(sources, report.Source{Path: "bench/results/" + string(rune('a'+i)) + ".jsonl", Set: set})
	}
	return renderSources(t, sources)
}

func renderSources(t *testing.T, sources []report.Source) *report.Report {
	t.Helper()
	r, err := report.New("RESULTS.md", sources)
	if err != nil {
		t.Fatal(err)
	}
	for _, wrong := range []string{"NaN", "Inf", "%!", "<no value>", "\n\n\n"} {
		if strings.Contains(string(r.Markdown), wrong) {
			t.Errorf("the report has %q:\n%s", wrong, r.Markdown)
		}
		for _, c := range r.Charts {
			if bytes.Contains(c.SVG, []byte(wrong)) {
				t.Errorf("%s has %q", c.Path, wrong)
			}
		}
	}
	return r
}
