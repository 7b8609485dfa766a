package plan_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"clock/bench/plan"
	"clock/bench/slo"
)

func TestAPlanIsToldInWords(t *testing.T) {
	noisy := burst
	noisy.noise = 0.05
	twin := noisy
	twin.name = "goroutine/shared"
	silent := spread
	silent.storm = 0
	tests := []struct {
		name    string
		servers []truth
		change  func(*plan.Target)
		want    []string // parts of the heading and the table
	}{
		{"what is known and what is estimated", []truth{silent, noisy}, nil, []string{
			"100000 clients, a line every 1s, p99 ≤ 99ms; boxes of 1 core and 64GiB, filled to 100%\n",
			"gnet/per-conn|20000|measured|6|20000|0.24|115MiB|jitter p99 20ms|unknown|\n",
			"gnet/shared|9996 (9750-10299)|slo|12|9091|0.09|53.1MiB|lag p99 90ms|",
		}},
		{"all bounds", []truth{burst}, func(t *plan.Target) { t.SLO = append(t.SLO, slo.Bound{Percentile: 100, Limit: time.Second}) },
			[]string{"p99 ≤ 99ms, max ≤ 1s; ", "|lag p99 90ms, max 90.9ms|"}},
		{"memory in its unit", []truth{burst}, func(t *plan.Target) { t.Box.Memory = 1500 << 20 }, []string{" and 1.46GiB, "}},
		{"notes", []truth{twin, noisy}, func(t *plan.Target) { t.Interval = 2 * time.Second }, []string{
			"|extrapolated\n", "|extrapolated; capacity: no measurable difference to "}},
		{"a target that cannot be met", []truth{burst}, func(t *plan.Target) { t.SLO[0].Limit = time.Microsecond },
			[]string{"gnet/shared|0|slo|-|-|-|-|-|-|cannot: p99 of the lag comes to "}},
	}
	for _, tt := range tests {
		p := planned(t, tt.servers, tt.change)
		got := p.Heading() + "\n"
		for _, row := range p.Table() {
			got += fmt.Sprintln(strings.Join(row[:], "|"))
		}
		for _, part := range tt.want {
			if !strings.Contains(got, part) {
				t.Errorf("%s: the plan is\n%s\nand has no %q", tt.name, got, part)
			}
		}
	}
}
