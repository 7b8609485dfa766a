package record_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"clock"
	"clock/bench/load"
	"clock/bench/record"
)

// header is a plan of two servers and two rounds.
func header() record.Header {
	return record.Header{
		Version: record.Version,
		Time:    time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC),
		Plan: record.Plan{
			Variants: []record.Variant{{Name: record.FloorName, Ticker: clock.Shared}, {Name: "gnet/shared", Engine: "gnet", Ticker: clock.Shared}},
			Cells:    []record.Cell{{Variant: record.FloorName, Conns: 10}, {Variant: "gnet/shared", Conns: 10}},
			Rounds:   2,
			Interval: time.Second,
			Warmup:   2 * time.Second,
			Duration: 10 * time.Second,
			Seed:     1,
		},
		Env: record.Environment{CPU: "some", CPUs: 2, Kernel: "6.1", ServerCPU: []int{0}, FleetCPU: []int{1}},
	}
}

// measured is a run of that plan.
func measured(round int, variant string) record.Run {
	lag := load.NewHistogram()
	lag.Record(time.Millisecond)
	return record.Run{
		Round:     round,
		Cell:      record.Cell{Variant: variant, Conns: 10},
		Load:      &load.Result{Conns: 10, Ticker: clock.Shared, Lines: 100, AllLines: 100, Lag: lag, Jitter: load.NewHistogram()},
		ServerCPU: time.Millisecond,
	}
}

// lines is what a file with the values holds.
func lines(t testing.TB, values ...any) string {
	t.Helper()
	var b bytes.Buffer
	for _, v := range values {
		check(t, json.NewEncoder(&b).Encode(v))
	}
	return b.String()
}

func TestASetSelectsTheRunsOfACell(t *testing.T) {
	set := record.Set{Header: header(), Runs: []record.Run{
		measured(1, "gnet/shared"), measured(0, record.FloorName), measured(0, "gnet/shared"),
	}}
	runs := set.Select(record.Cell{Variant: "gnet/shared", Conns: 10})
	if len(runs) != 2 || runs[0].Round != 0 || runs[1].Round != 1 {
		t.Errorf("Select = %v, want rounds 0 and 1", runs)
	}
	if runs := set.Select(record.Cell{Variant: "gnet/shared", Conns: 10, Stalled: 0.1}); len(runs) != 0 {
		t.Errorf("Select of a cell that was not measured = %v", runs)
	}
}

// A run that says nothing about the server tells why. Older versions did not
// mark those that others disturbed.
func TestARunTellsWhyItIsNotConclusive(t *testing.T) {
	tests := []struct {
		name  string
		spoil func(*record.Run)
		want  string
	}{
		{"a good run", func(*record.Run) {}, ""},
		{"some noise", func(r *record.Run) { r.OtherCPU = record.MaxOtherCPU }, ""},
		{"a fleet that was saturated", func(r *record.Run) { r.Load.Inconclusive = []string{"saturated"} }, "saturated"},
		{"disturbed", func(r *record.Run) { r.OtherCPU, r.Disturbed = 0.86, true }, "other processes took 86% of a processor"},
		{"disturbed, and not marked", func(r *record.Run) { r.OtherCPU = 0.86 }, "other processes took 86% of a processor"},
		{"both", func(r *record.Run) { r.Load.Inconclusive, r.OtherCPU = []string{"saturated"}, 0.5 }, "saturated; other processes took 50% of a processor"},
	}
	for _, tt := range tests {
		r := measured(0, "gnet/shared")
		tt.spoil(&r)
		if got := strings.Join(r.Doubts(), "; "); got != tt.want || r.Conclusive() != (tt.want == "") {
			t.Errorf("%s: conclusive %v, doubts %q, want %q", tt.name, r.Conclusive(), got, tt.want)
		}
	}
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

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
