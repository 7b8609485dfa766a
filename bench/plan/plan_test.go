package plan_test

import (
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"clock/bench/estimate"
	"clock/bench/plan"
	"clock/bench/slo"
)

func TestEachConstraintBinds(t *testing.T) {
	within := func(limit time.Duration) func(*plan.Target) {
		return func(t *plan.Target) { t.SLO[0].Limit = limit }
	}
	tests := []struct {
		name     string
		server   truth
		change   func(*plan.Target)
		capacity int
	}{
		// 1 ms for the tick and 10 µs for a line, of 1 s.
		{plan.CPU, burst, func(t *plan.Target) { t.Extrapolate = true; within(time.Minute)(t) }, 99_900},
		{plan.CPU, burst, func(t *plan.Target) { t.Extrapolate, t.Box.Cores = true, 4; within(time.Minute)(t) }, 4 * 99_900},
		// 40 ms of each second to wake up, and half a line a second for each client.
		{plan.CPU, spread, func(t *plan.Target) { t.Extrapolate, t.Interval = true, 2*time.Second; within(time.Minute)(t) }, 2 * 96_000},
		// The 99 % of 10,000 lines of 10 µs, on each core.
		{plan.SLO, burst, func(*plan.Target) {}, 10_000},
		{plan.SLO, burst, func(t *plan.Target) { t.Box.Cores = 3 }, 30_000},
		{plan.SLO, burst, func(t *plan.Target) { t.Interval = 5 * time.Second }, 10_000},
		{plan.SLO, spread, within(15 * time.Millisecond), 15_000},
		{plan.SLO, spread, func(t *plan.Target) { t.Extrapolate = true; within(30 * time.Millisecond)(t) }, 30_000},
		// The tighter of two bounds: half of the lines, 20 ms.
		{plan.SLO, burst, func(t *plan.Target) {
			t.SLO = append(t.SLO, slo.Bound{Percentile: 50, Limit: 20 * time.Millisecond})
		}, 4000},
		{plan.Measured, burst, within(time.Minute), 20_000},
		{plan.Measured, spread, func(t *plan.Target) { t.Box.Cores = 2 }, 40_000},
		{plan.Memory, burst, func(t *plan.Target) { t.Box.Memory, t.Box.TCPMemory = 1e6+6000*5000, 1<<30 }, 5000},
		{plan.Files, burst, func(t *plan.Target) { t.Box.Files = 5064 }, 5000},
		{plan.TCPMemory, burst, func(t *plan.Target) { t.Box.TCPMemory = 5000 * 4096 }, 5000},
		{plan.TCPMemory, burst, func(t *plan.Target) { t.Box.Cores, t.Box.Memory = 20, 1<<30 }, 24_576}, // 3/32 of it
		{plan.Ports, spread, func(t *plan.Target) { t.Box.Cores, t.Box.Proxies = 20, 2 }, 2 * 28_232},
		{plan.NIC, spread, func(t *plan.Target) { t.Box.Packets = 5000 }, 5000},
		{plan.NIC, burst, func(t *plan.Target) { t.Box.Packets = 50_000 }, 5000}, // 99 % of them within 99 ms
	}
	for _, tt := range tests {
		target := target()
		tt.change(&target)
		r := only(t, tt.server, target)
		// Of an exact fit, the limit itself is left to the rounding.
		if off := r.Capacity.Best - tt.capacity; r.Binds != tt.name || off < -1 || off > 1 {
			t.Errorf("%s: %s binds at %d clients, want %d; limits are %+v", tt.name, r.Binds, r.Capacity.Best, tt.capacity, r.Limits)
		}
	}
}

func TestABoxMayFail(t *testing.T) {
	tests := []struct {
		clients        int
		headroom       float64
		boxes, working int
	}{
		{1, 1, 2, 1}, // capacity is 10,000
		{10_000, 1, 2, 10_000},
		{10_001, 1, 3, 5001},
		{100_000, 1, 11, 10_000},
		{100_000, 0.5, 21, 5000},
		{10_001, 0.5, 4, 3334},
	}
	s := burst
	s.line *= 0.99995 // so that the capacity is not one less
	for _, tt := range tests {
		target := target()
		target.Clients, target.Headroom = tt.clients, tt.headroom
		r := only(t, s, target)
		if r.Boxes != tt.boxes || r.Clients != tt.working {
			t.Errorf("%d clients with headroom %g take %d boxes with %d clients while one is down, want %d with %d",
				tt.clients, tt.headroom, r.Boxes, r.Clients, tt.boxes, tt.working)
		}
	}
}

func TestTheFiguresOfARowAreOfABoxWhileAnotherIsDown(t *testing.T) {
	target := target()
	target.Clients, target.Box.Cores = 40_000, 2
	r := only(t, burst, target) // 20,000 or a little less on each of 2 or 3, and one to fail
	n := float64(r.Clients)
	near(t, "cores", r.Cores.Mean, 2*1e-3+n*10e-6, 1e-6)
	near(t, "memory", r.Memory.Mean, 1e6+6000*n, 1e-6)
	near(t, "lag", r.Delays[0].Mean, 0.99*n/2*10e-6, 1e-6)
	boxes := float64(r.Boxes)
	near(t, "time to reconnect", r.Reconnect.Mean, 40_000/boxes/(boxes-1)/20_000, 1e-3)
	if r.Extrapolated {
		t.Error("extrapolated, and it was measured")
	}
}

func TestMoreClientsNeverTakeFewerBoxesAndALaxerSLONeverHoldsFewerClients(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for seed := range uint64(20) {
		for _, s := range []truth{burst, spread} {
			s.noise = 0.1
			models := models(t, s.runs(seed, 3, sizes...))
			target := target()
			target.Extrapolate = seed%2 == 0
			target.Headroom = 0.01 + 0.99*random.Float64()
			row := func() plan.Row {
				p, err := plan.Make(models, target)
				check(t, err)
				return p.Rows[0]
			}
			boxes := 0
			for target.Clients = 1; target.Clients < 1e7; target.Clients += 1 + target.Clients*random.IntN(100)/100 {
				r := row()
				if r.Boxes < boxes {
					t.Errorf("%s, seed %d: %d clients take %d boxes, and fewer took %d", s.name, seed, target.Clients, r.Boxes, boxes)
				}
				for what, e := range map[string]estimate.Value{"lag or jitter": r.Delays[0], "memory": r.Memory, "busy cores": r.Cores} {
					if e.Low < 0 || e.Low > e.Mean || e.Mean > e.High || e.High == 0 {
						t.Errorf("%s, seed %d: %s of %d clients is %+v", s.name, seed, what, r.Clients, e)
					}
				}
				if d := r.Delays[0].Mean; d == 0 {
					t.Errorf("%s, seed %d: %d clients wait for nothing", s.name, seed, r.Clients)
				}
				boxes = r.Boxes
			}
			capacity := 0
			for limit := time.Millisecond; limit < time.Minute; limit += limit / 3 {
				target.SLO[0].Limit = limit
				r := row()
				if r.Capacity.Best < capacity {
					t.Errorf("%s, seed %d: at most %v holds %d clients, and less held %d", s.name, seed, limit, r.Capacity.Best, capacity)
				}
				if c := r.Capacity; c.Low > c.Best || c.Best > c.High {
					t.Errorf("%s, seed %d: the interval of %d is %d to %d", s.name, seed, c.Best, c.Low, c.High)
				}
				capacity = r.Capacity.Best
			}
		}
	}
}

func TestWhatCannotBeMetSaysWhy(t *testing.T) {
	tests := []struct {
		name   string
		server truth
		change func(*plan.Target)
		why    string
	}{
		{"SLO below the cost of a line", burst, func(t *plan.Target) { t.SLO[0].Limit = 9 * time.Microsecond }, "p99 of the lag comes to 9.9µs with a single client, over 9µs"},
		{"SLO below any jitter measured", spread, func(t *plan.Target) { t.SLO[0].Limit = 900 * time.Microsecond }, "p99 of the jitter was 1ms with 1000 clients, the fewest measured, over 900µs"},
		{"interval not measured", spread, func(t *plan.Target) { t.Interval = 2 * time.Second }, "interval of 1s and not of 2s: measure that, or use -extrapolate"},
		{"wake-ups that take it all", burst, func(t *plan.Target) { t.Interval = time.Millisecond }, "its fixed cost alone takes all cores"},
		{"no memory", burst, func(t *plan.Target) { t.Box.Memory = 1000 }, "a box holds 0 clients (memory)"},
		{"headroom below a client", burst, func(t *plan.Target) { t.Box.Files, t.Headroom = 65, 0.5 }, "a box holds 1 client (files)"},
	}
	for _, tt := range tests {
		target := target()
		tt.change(&target)
		p, err := plan.Make(models(t, tt.server.runs(1, 5, sizes...)), target)
		check(t, err)
		if r := p.Rows[0]; p.Met() || !strings.Contains(r.Unmet, tt.why) || r.Boxes != 0 || p.Recommendation != "" {
			t.Errorf("%s: %d boxes, unmet because %q, want %q; recommended is %q", tt.name, r.Boxes, r.Unmet, tt.why, p.Recommendation)
		}
	}
}

func TestMakeRefuses(t *testing.T) {
	tests := []struct {
		change func(*plan.Target)
		want   string
	}{
		{func(t *plan.Target) { t.Clients = 0 }, "0 clients"},
		{func(t *plan.Target) { t.Clients <<= 20 }, "at most 2147483647"},
		{func(t *plan.Target) { t.Interval = 0 }, "interval of 0s: it must be at least 1ms"},
		{func(t *plan.Target) { t.SLO = nil }, "no SLO"},
		{func(t *plan.Target) { t.SLO[0].Limit = -time.Second }, "p99 at most -1s"},
		{func(t *plan.Target) { t.SLO[0].Percentile = 101 }, "p101"},
		{func(t *plan.Target) { t.SLO[0].Percentile = 90 }, "gnet/shared: p90 was not measured"},
		{func(t *plan.Target) { t.Headroom = 0 }, "headroom of 0"},
		{func(t *plan.Target) { t.Headroom = 1.1 }, "headroom of 1.1"},
		{func(t *plan.Target) { t.Box.Cores = 0 }, "at least one core"},
		{func(t *plan.Target) { t.Box.Memory = 0 }, "some memory"},
		{func(t *plan.Target) { t.Box.Packets = -1 }, "packets"},
	}
	models := models(t, burst.runs(1, 5, sizes...))
	for _, tt := range tests {
		target := target()
		tt.change(&target)
		_, err := plan.Make(models, target)
		wantError(t, err, tt.want)
	}
}

func TestTheRecommendationSaysWhatTheDataBears(t *testing.T) {
	named := func(s truth, name string) truth { s.name = name; return s }
	slower := named(burst, "goroutine/shared")
	slower.line, slower.user = 12.5e-6, 4000
	alike := named(burst, "goroutine/shared")
	alike.line, alike.user, alike.noise = 10.1e-6, 4000, 0.05
	noisy := burst
	noisy.noise = 0.05
	twin := named(noisy, "twin/shared")
	large := named(spread, "goroutine/per-conn")
	large.user = 7000
	tests := []struct {
		name     string
		servers  []truth
		change   func(*plan.Target)
		want     string
		unlikely string // is not to be said
	}{
		{"fewer boxes", []truth{slower, burst}, nil,
			"With a shared ticker take gnet/shared: 12 boxes of at most 9091 clients, where the SLO binds; goroutine/shared takes 14.", ""},
		{"capacities that do not differ", []truth{alike, noisy}, nil,
			"(no measurable difference in capacity) and 1.", "in memory"},
		{"nothing that differs", []truth{twin, noisy}, nil, "(no measurable difference in capacity), with no measurable difference in memory.", "times the memory"},
		{"the same known limit", []truth{large, spread}, nil,
			"With a ticker per connection take gnet/per-conn: 6 boxes of at most 20000 clients, where what was measured ends, so it may hold more; goroutine/per-conn takes as many and 1.99 times the memory.", "capacity"},
		{"extrapolated", []truth{spread}, func(t *plan.Target) { t.Extrapolate = true }, ", extrapolated.", ""},
		{"two tickers", []truth{burst, spread}, nil, ". With a ticker per connection take gnet/per-conn", ""},
	}
	for _, tt := range tests {
		p := planned(t, tt.servers, tt.change)
		if got := p.Recommendation; !strings.Contains(got, tt.want) || tt.unlikely != "" && strings.Contains(got, tt.unlikely) {
			t.Errorf("%s: the recommendation is %q, want %q, and not %q", tt.name, got, tt.want, tt.unlikely)
		}
	}
}

func TestCapacitiesWhoseIntervalsOverlapAreAlike(t *testing.T) {
	for _, tt := range []struct {
		line  float64
		alike string
	}{{10.1e-6, "gnet/shared"}, {14e-6, ""}} {
		first, second := burst, burst
		second.name, second.line = "goroutine/shared", tt.line
		first.noise, second.noise = 0.05, 0.05
		p, err := plan.Make(models(t, first.runs(1, 5, sizes...), second.runs(2, 5, sizes...)), target())
		check(t, err)
		if got := p.Rows[0].Alike + p.Rows[1].Alike; got != tt.alike && !(tt.alike != "" && got == second.name) {
			t.Errorf("a line of %g s against one of 10 µs: alike is %q, want %q", tt.line, got, tt.alike)
		}
	}
}

func TestAssumptionsNameWhatWasNotMeasured(t *testing.T) {
	blind := spread
	blind.kernel = 0
	target := target()
	target.Interval, target.Extrapolate = 2*time.Second, true
	p, err := plan.Make(models(t, blind.runs(1, 5, sizes...)), target)
	check(t, err)
	all := strings.Join(p.Assumptions, "\n")
	for _, part := range []string{"measured with 1 core", "one of 2s is an extrapolation", "kernel's memory was not measured"} {
		if !strings.Contains(all, part) {
			t.Errorf("the assumptions have no %q:\n%s", part, all)
		}
	}
	if strings.Contains(all, "promises") {
		t.Errorf("with one kind of ticker there are two promises:\n%s", all)
	}
}
