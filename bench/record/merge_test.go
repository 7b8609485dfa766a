package record_test

import (
	"testing"
	"time"

	"clock"
	"clock/bench/record"
)

func TestMergeKeepsRoundsTogether(t *testing.T) {
	first := &record.Set{Header: header(), Runs: []record.Run{
		measured(0, record.FloorName), measured(0, "gnet/shared"), measured(1, record.FloorName),
	}}
	second := &record.Set{Header: header(), Truncated: true, Runs: []record.Run{
		measured(1, record.FloorName), measured(1, "gnet/shared"),
	}}
	second.Plan.Rounds = 3
	second.Plan.Variants = append(second.Plan.Variants, record.Variant{Name: "mine", Ticker: clock.PerConn, Command: "./mine {addr}"})
	second.Plan.Cells = append(second.Plan.Cells, record.Cell{Variant: "mine", Conns: 20})

	merged, err := record.Merge(first, second)
	check(t, err)
	for i, want := range []int{0, 0, 1, 3, 3} {
		if got := merged.Runs[i].Round; got != want {
			t.Errorf("run %d is of round %d, want %d", i, got, want)
		}
	}
	plan := merged.Plan
	if plan.Rounds != 5 || len(plan.Variants) != 3 || len(plan.Cells) != 3 || !merged.Truncated {
		t.Errorf("plan %v, truncated %v, want 5 rounds of 3 variants in 3 cells, and true", plan, merged.Truncated)
	}
	if second.Runs[0].Round != 1 || len(first.Plan.Variants) != 2 || first.Plan.Rounds != 2 {
		t.Error("Merge changed what it was given")
	}
}

func TestMergeRefusesWhatWasMeasuredOtherwise(t *testing.T) {
	tests := []struct {
		name   string
		change func(*record.Header)
		part   string
	}{
		{"machine", func(h *record.Header) { h.Env.CPU = "other" }, "cpu some, not other"},
		{"build", func(h *record.Header) { h.Env.Build = "v2" }, "build , not v2"},
		{"interval", func(h *record.Header) { h.Plan.Interval = time.Minute }, "interval 1s, not 1m0s"},
		{"warm-up", func(h *record.Header) { h.Plan.Warmup = 0 }, "warmup 2s, not 0s"},
		{"duration", func(h *record.Header) { h.Plan.Duration = 0 }, "duration 10s, not 0s"},
		{"server", func(h *record.Header) { h.Plan.Variants[1].Command = "other" }, "gnet/shared is another server"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			other := &record.Set{Header: header()}
			tt.change(&other.Header)
			_, err := record.Merge(&record.Set{Header: header()}, other)
			wantError(t, err, "file 2", tt.part, "report them apart")
		})
	}
}

func TestMergeOfNothing(t *testing.T) {
	_, err := record.Merge()
	wantError(t, err, "no files")
}

func TestMergeNamesTheFiles(t *testing.T) {
	other := &record.Set{Header: header(), Path: "b.jsonl"}
	other.Env.Kernel = "6.2"
	_, err := record.Merge(&record.Set{Header: header(), Path: "a.jsonl"}, other)
	wantError(t, err, "b.jsonl was not measured like a.jsonl", "kernel 6.1, not 6.2")
}
