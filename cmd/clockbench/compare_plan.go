package main

import (
	"fmt"
	"slices"

	"clock/bench/record"
)

const (
	defaultControl = "gnet/shared"
	noControl      = "none"
)

// plan returns the comparison that the options ask for, or a usage error.
func (o compareOptions) plan() (record.Plan, error) {
	p := record.Plan{Rounds: o.rounds, Interval: o.interval, Warmup: o.warmup, Duration: o.duration, Seed: o.seed}
	servers := o.servers
	if len(servers) == 0 {
		servers = ours
	}
	floor := ours[0]
	p.Variants = append(p.Variants, floor) // always, and first
	for _, v := range servers {
		if v != floor {
			p.Variants = append(p.Variants, v)
		}
	}
	control, err := o.controlOf(p.Variants)
	if err != nil {
		return p, err
	}
	p.Variants = append(p.Variants, control...)

	seen := make(map[string]bool)
	for _, v := range p.Variants {
		if seen[v.Name] {
			return p, usageError("two servers are named %s: give each -server once, and each of another make a name of its own", v.Name)
		}
		seen[v.Name] = true
		for _, n := range o.conns {
			p.Cells = append(p.Cells, record.Cell{Variant: v.Name, Conns: n})
		}
		if o.stalled > 0 && v.Control == "" {
			p.Cells = append(p.Cells, record.Cell{Variant: v.Name, Conns: o.stalledConns, Stalled: o.stalled})
		}
	}
	for i, n := range o.conns {
		if slices.Contains(o.conns[:i], n) {
			return p, usageError("-conns has %d twice: use -rounds to measure it more often", n)
		}
	}
	return p, nil
}

// controlOf returns the variant that repeats another one, or none.
func (o compareOptions) controlOf(variants []record.Variant) ([]record.Variant, error) {
	name := o.control
	if name == noControl {
		return nil, nil
	}
	find := func(name string) int {
		return slices.IndexFunc(variants, func(v record.Variant) bool { return v.Name == name })
	}
	i := find(name)
	if name == "" {
		i = find(defaultControl)
		if i < 0 && len(variants) > 1 {
			i = 1 // the first after the floor
		}
		if i < 0 {
			return nil, nil
		}
	}
	if i < 0 {
		return nil, usageError("-control=%s is not measured: use one of the servers that are, or %s", name, noControl)
	}
	v := variants[i]
	v.Name, v.Control = v.Name+" again", v.Name
	return []record.Variant{v}, nil
}

// describePlan says how much there is to measure.
func describePlan(p record.Plan) string {
	return fmt.Sprintf("%d servers, %d measurements in each of %d rounds, seed %d", len(p.Variants), len(p.Cells), p.Rounds, p.Seed)
}
