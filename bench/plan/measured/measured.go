// Package measured makes of a comparison's record the data that package plan
// fits its models to.
package measured

import (
	"cmp"

	"clock/bench/load"
	"clock/bench/plan"
	"clock/bench/record"
	"clock/bench/slo"
)

// Data returns what the set has measured of servers that could be planned with:
// not of the floor, nor of controls, and of the loads in which all clients read.
// Runs that say nothing about the server, or in which lines or clients were
// lost, so that it was beyond its capacity, are left out and counted.
func Data(set *record.Set) plan.Data {
	d := plan.Data{
		Interval: set.Plan.Interval,
		Cores:    cmp.Or(len(set.Env.ServerCPU), set.Env.CPUs), // without pins it may use all
	}
	for _, v := range set.Plan.Variants {
		if v.Name == record.FloorName || v.Control != "" {
			continue
		}
		s := plan.Server{Name: v.Name, Ticker: v.Ticker}
		for _, r := range set.Runs {
			switch {
			case r.Variant != v.Name || r.Stalled > 0:
			case !usable(r):
				d.LeftOut++
			default:
				s.Runs = append(s.Runs, run(r))
			}
		}
		d.Servers = append(d.Servers, s)
	}
	return d
}

func usable(r record.Run) bool {
	l := r.Load
	return r.Conclusive() && l.Missing == 0 && l.Failed+l.Lost == 0 && l.AllLines > 0 && r.ServerCPU > 0 && l.Judged().Count() > 0
}

func run(r record.Run) plan.Run {
	conns := float64(r.Conns)
	p := plan.Run{
		Clients:      r.Conns,
		CPU:          r.CPUPerLine() * conns,
		UserMemory:   r.UserMemory * conns,
		KernelMemory: r.KernelMemory * conns,
	}
	for _, percent := range slo.Percentiles {
		p.Delays = append(p.Delays, plan.Delay{Percentile: percent, Seconds: delay(r.Load, percent)})
	}
	if r.Load.Storm != nil {
		p.ConnectRate = r.Load.Storm.Rate()
	}
	return p
}

func delay(r *load.Result, percent float64) float64 { return r.Judged().Percentile(percent).Seconds() }
