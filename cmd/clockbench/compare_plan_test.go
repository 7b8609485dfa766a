package main

import (
	"io"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"clock"
	"clock/bench/record"
)

func planOf(t *testing.T, args ...string) (record.Plan, error) {
	t.Helper()
	o, err := parseCompare(append(args, "-o=x.jsonl"), io.Discard)
	if err != nil {
		return record.Plan{}, err
	}
	return o.plan()
}

func TestPlanOfASmallComparison(t *testing.T) {
	got, err := planOf(t, "-server=goroutine/shared", "-server=gnet/shared", "-conns=100,1k", "-rounds=3",
		"-stalled=2%", "-stalled-conns=500", "-duration=4s", "-warmup=2s", "-interval=1500ms", "-seed=7",
		"-server=mine:shared=./mine -listen {addr} -x=1")
	if err != nil {
		t.Fatal(err)
	}
	mine := record.Variant{Name: "mine", Ticker: clock.Shared, Command: "./mine -listen {addr} -x=1"}
	want := record.Plan{
		Variants: []record.Variant{
			{Name: "floor", Engine: "floor", Ticker: clock.Shared},
			{Name: "goroutine/shared", Engine: "goroutine", Ticker: clock.Shared},
			{Name: "gnet/shared", Engine: "gnet", Ticker: clock.Shared},
			mine,
			{Name: "gnet/shared again", Engine: "gnet", Ticker: clock.Shared, Control: "gnet/shared"},
		},
		Rounds: 3, Interval: 1500 * time.Millisecond, Warmup: 2 * time.Second, Duration: 4 * time.Second, Seed: 7,
	}
	for _, v := range want.Variants {
		want.Cells = append(want.Cells, record.Cell{Variant: v.Name, Conns: 100}, record.Cell{Variant: v.Name, Conns: 1000})
		if v.Control == "" {
			want.Cells = append(want.Cells, record.Cell{Variant: v.Name, Conns: 500, Stalled: 0.02})
		}
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("the plan is\n%+v\nwant\n%+v", got, want)
	}
}

func TestPlanDefaults(t *testing.T) {
	p, err := planOf(t)
	if err != nil {
		t.Fatal(err)
	}
	if len(p.Variants) != 6 || p.Variants[0].Name != record.FloorName {
		t.Errorf("variants are %+v, want five and a control, the floor first", p.Variants)
	}
	if want := 5*(4+1) + 4; len(p.Cells) != want {
		t.Errorf("%d cells, want %d", len(p.Cells), want)
	}
	other, err := planOf(t)
	if err != nil || other.Seed == p.Seed {
		t.Errorf("the seed is %d both times, %v", p.Seed, err)
	}
}

func TestPlanControl(t *testing.T) {
	tests := []struct {
		args string
		want string // the control's name, "" for none
	}{
		{"", "gnet/shared again"},
		{"-control=goroutine/per-conn", "goroutine/per-conn again"},
		{"-control=floor", "floor again"},
		{"-control=none", ""},
		{"-server=gnet/per-conn", "gnet/per-conn again"},
		{"-server=floor", ""},
		{"-server=mine=m{addr} -control=mine", "mine again"},
	}
	for _, tt := range tests {
		p, err := planOf(t, strings.Fields(tt.args)...)
		if err != nil {
			t.Errorf("%s: %v", tt.args, err)
			continue
		}
		i := slices.IndexFunc(p.Variants, func(v record.Variant) bool { return v.Control != "" })
		switch {
		case tt.want == "" && i >= 0, tt.want != "" && (i < 0 || p.Variants[i].Name != tt.want):
			t.Errorf("%s: variants are %+v, want the control %q", tt.args, p.Variants, tt.want)
		}
	}
}

func TestStalledCellsCanBeLeftOut(t *testing.T) {
	p, err := planOf(t, "-stalled=0")
	if err != nil || slices.ContainsFunc(p.Cells, func(c record.Cell) bool { return c.Stalled > 0 }) {
		t.Errorf("cells are %v, %v, want none with stalled clients", p.Cells, err)
	}
}

func TestPlanRefuses(t *testing.T) {
	tests := []struct{ args, want string }{
		{"-server=cuckoo", `unknown server "cuckoo": use floor, goroutine/per-conn`},
		{"-server=", `unknown server ""`},
		{"-control=cuckoo", "-control=cuckoo is not measured"},
		{"-server=gnet/shared -control=gnet/per-conn", "-control=gnet/per-conn is not measured"},
		{"-conns=1k,1000", "-conns has 1000 twice"},
		{"-conns=0", "whole number"},
		{"-rounds=0", "whole number"},
		{"-server=mine", "or NAME='COMMAND {addr}' for one of another make"},
		{"-server==x{addr}", "give NAME="},
		{"-server=mine=", "give NAME="},
		{"-server=mine:cuckoo=./mine{addr}", `unknown ticker "cuckoo": use shared or per-conn`},
		{"-server=floor=./mine{addr}", "two servers are named floor"},
		{"-server=a={addr} -server=a={addr}", "two servers are named a"},
		{"-server=gnet/shared -server=gnet/shared", "two servers are named gnet/shared"},
		{"-interval=999ms", "at least 1s"},
		{"-warmup=5", "unit is missing"},
		{"-seed=-1", "-seed"},
	}
	for _, tt := range tests {
		if _, err := planOf(t, strings.Fields(tt.args)...); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: error %v, want one that says %q", tt.args, err, tt.want)
		}
	}
}
