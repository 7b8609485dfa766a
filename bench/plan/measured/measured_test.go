package measured_test

import (
	"testing"
	"time"

	"clock"
	"clock/bench/load"
	"clock/bench/plan/measured"
	"clock/bench/record"
)

// measuredSet is of one run of each cell: 100 clients, 200 lines in 2 ticks.
func measuredSet(cells ...record.Cell) *record.Set {
	set := &record.Set{Header: record.Header{
		Plan: record.Plan{
			Variants: []record.Variant{
				{Name: record.FloorName, Engine: record.FloorName, Ticker: clock.Shared},
				{Name: "gnet/shared", Engine: "gnet", Ticker: clock.Shared},
				{Name: "gnet/per-conn", Engine: "gnet", Ticker: clock.PerConn},
				{Name: "gnet/shared again", Engine: "gnet", Ticker: clock.Shared, Control: "gnet/shared"},
			},
			Interval: 2 * time.Second,
		},
		Env: record.Environment{CPUs: 4, ServerCPU: []int{0, 1}},
	}}
	for _, c := range cells {
		result := &load.Result{Lines: 200, AllLines: 200, Ticker: clock.Shared, Lag: load.NewHistogram(), Jitter: load.NewHistogram()}
		if c.Variant == "gnet/per-conn" {
			result.Ticker = clock.PerConn
		}
		result.Lag.Record(10 * time.Millisecond)
		result.Jitter.Record(time.Millisecond)
		set.Runs = append(set.Runs, record.Run{Cell: c, Load: result, ServerCPU: 4 * time.Millisecond, UserMemory: 700, KernelMemory: 5000})
	}
	return set
}

func TestDataIsOfServersThatCouldBePlannedWith(t *testing.T) {
	set := measuredSet(
		record.Cell{Variant: record.FloorName, Conns: 100},
		record.Cell{Variant: "gnet/shared", Conns: 100},
		record.Cell{Variant: "gnet/shared", Conns: 100, Stalled: 0.1},
		record.Cell{Variant: "gnet/shared again", Conns: 100},
		record.Cell{Variant: "gnet/per-conn", Conns: 100},
	)
	set.Runs[1].Load.Storm = &load.Connect{Clients: 100, Took: 10 * time.Millisecond}
	d := measured.Data(set)
	if d.Interval != 2*time.Second || d.Cores != 2 || d.LeftOut != 0 || len(d.Servers) != 2 {
		t.Fatalf("data is %+v, want two servers on 2 cores, and nothing left out", d)
	}
	for i, want := range []struct {
		name  string
		delay float64
		rate  float64
	}{{"gnet/shared", 10e-3, 10_000}, {"gnet/per-conn", 1e-3, 0}} {
		s := d.Servers[i]
		if s.Name != want.name || len(s.Runs) != 1 {
			t.Fatalf("server %d is %+v, want one run of %s", i, s, want.name)
		}
		r := s.Runs[0]
		near := func(what string, got, want float64) {
			if got < want*0.999 || got > want*1.001 {
				t.Errorf("%s: %s is %g, want %g", s.Name, what, got, want)
			}
		}
		near("clients", float64(r.Clients), 100)
		near("processor time of a tick", r.CPU, 2e-3)
		near("user memory", r.UserMemory, 70e3)
		near("kernel memory", r.KernelMemory, 500e3)
		near("connect rate", r.ConnectRate, want.rate)
		for _, d := range r.Delays {
			near("delay", d.Seconds, want.delay)
		}
		if len(r.Delays) == 0 {
			t.Errorf("%s has no delays", s.Name)
		}
	}
}

func TestRunsBeyondTheCapacityAreLeftOut(t *testing.T) {
	changes := map[string]func(*record.Run){
		"inconclusive":      func(r *record.Run) { r.Load.Inconclusive = []string{"the fleet was busy"} },
		"lines missing":     func(r *record.Run) { r.Load.Missing = 1 },
		"clients lost":      func(r *record.Run) { r.Load.Lost = 1 },
		"clients refused":   func(r *record.Run) { r.Load.Failed = 1 },
		"nothing received":  func(r *record.Run) { r.Load.AllLines = 0 },
		"nothing to judge":  func(r *record.Run) { r.Load.Lag = load.NewHistogram() },
		"no processor time": func(r *record.Run) { r.ServerCPU = 0 },
	}
	for name, change := range changes {
		cell := record.Cell{Variant: "gnet/shared", Conns: 100}
		set := measuredSet(cell, cell)
		change(&set.Runs[1])
		if d := measured.Data(set); d.LeftOut != 1 || len(d.Servers[0].Runs) != 1 {
			t.Errorf("%s: %d left out of 2 runs, and %d used, want 1 and 1", name, d.LeftOut, len(d.Servers[0].Runs))
		}
	}
}

func TestAServerWithoutPinsMayUseAllCores(t *testing.T) {
	set := measuredSet()
	set.Env.ServerCPU = nil
	if d := measured.Data(set); d.Cores != 4 {
		t.Errorf("%d cores, want all 4", d.Cores)
	}
}
