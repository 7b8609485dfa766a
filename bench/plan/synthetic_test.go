package plan_test

import (
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"clock"
	"clock/bench/plan"
	"clock/bench/slo"
)

// A truth is a server that the tests make up, with what it costs.
type truth struct {
	name       string
	ticker     clock.TickerKind
	wake, line float64 // processor time of a tick, and of each line, in seconds
	base, user float64 // bytes of an empty server, and for each client
	kernel     float64 // bytes for each client
	jitter     float64 // of a ticker per connection, in seconds with 1,000 clients: grows in proportion
	storm      float64 // clients a second
	noise      float64 // relative
}

// The servers that most tests are about.
var (
	burst  = truth{name: "gnet/shared", ticker: clock.Shared, wake: 1e-3, line: 10e-6, base: 1e6, user: 1000, kernel: 5000, storm: 20_000}
	spread = truth{name: "gnet/per-conn", ticker: clock.PerConn, wake: 40e-3, line: 10e-6, base: 1e6, user: 1000, kernel: 5000, storm: 20_000, jitter: 1e-3}
)

// sizes are the numbers of clients that the servers are measured with.
var sizes = []int{1000, 5000, 10_000, 20_000}

// runs measures the server with the sizes, in some rounds. The noise is the
// same every time.
func (s truth) runs(seed uint64, rounds int, sizes ...int) plan.Server {
	random := rand.New(rand.NewPCG(seed, 1))
	noisy := func(x float64) float64 { return x * (1 + s.noise*random.NormFloat64()) }
	server := plan.Server{Name: s.name, Ticker: s.ticker}
	for range rounds {
		for _, size := range sizes {
			n := float64(size)
			r := plan.Run{
				Clients:      size,
				CPU:          noisy(s.wake + s.line*n),
				UserMemory:   noisy(s.base + s.user*n),
				KernelMemory: noisy(s.kernel * n),
				ConnectRate:  noisy(s.storm),
			}
			for _, p := range []float64{50, 99, 100} {
				delay := s.jitter * n / 1000
				if s.ticker == clock.Shared {
					delay = s.line * n * p / 100 // client k of N waits k·s
				}
				r.Delays = append(r.Delays, plan.Delay{Percentile: p, Seconds: noisy(delay)})
			}
			server.Runs = append(server.Runs, r)
		}
	}
	return server
}

// data is of servers measured on one core, with an interval of 1s.
func data(servers ...plan.Server) plan.Data {
	return plan.Data{Interval: time.Second, Cores: 1, Servers: servers}
}

// target is 100,000 clients on boxes where nothing but the SLO is near.
func target() plan.Target {
	return plan.Target{
		Clients:  100_000,
		Interval: time.Second,
		SLO:      slo.SLO{{Percentile: 99, Limit: 99 * time.Millisecond}},
		Headroom: 1,
		Box:      plan.Box{Cores: 1, Memory: 64 << 30, Files: 1 << 20},
	}
}

// models fits the servers.
func models(t *testing.T, servers ...plan.Server) []plan.Model {
	t.Helper()
	m, err := plan.Fit(data(servers...))
	check(t, err)
	return m
}

// only plans for the target with one server, measured in 5 rounds.
func only(t *testing.T, s truth, target plan.Target) plan.Row {
	t.Helper()
	p, err := plan.Make(models(t, s.runs(1, 5, sizes...)), target)
	check(t, err)
	return p.Rows[0]
}

// planned plans for the target with servers measured in 5 rounds each; change,
// if not nil, changes the target first.
func planned(t *testing.T, servers []truth, change func(*plan.Target)) plan.Plan {
	t.Helper()
	target := target()
	if change != nil {
		change(&target)
	}
	var runs []plan.Server
	for i, s := range servers {
		runs = append(runs, s.runs(uint64(i), 5, sizes...))
	}
	p, err := plan.Make(models(t, runs...), target)
	check(t, err)
	return p
}

// wantError fails unless err is one line that has all the parts.
func wantError(t *testing.T, err error, parts ...string) {
	t.Helper()
	if err == nil {
		t.Fatalf("no error, want one with %q", parts)
	}
	for _, part := range parts {
		if !strings.Contains(err.Error(), part) {
			t.Errorf("error %q, want one with %q", err, part)
		}
	}
	if strings.Contains(err.Error(), "\n") {
		t.Errorf("error %q is more than one line", err)
	}
}

// near fails unless got is want, but for a relative error.
func near(t *testing.T, what string, got, want, tolerance float64) {
	t.Helper()
	if off := got - want; off > tolerance*want || -off > tolerance*want {
		t.Errorf("%s is %g, want %g within %g%%", what, got, want, 100*tolerance)
	}
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
