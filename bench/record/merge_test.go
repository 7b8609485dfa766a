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
	second.Time, second.Plan.Rounds = second.Time.Add(time.Hour), 3
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

// A file that is given twice, or with a copy of it, is one comparison.
func TestMergeCountsRunsOnce(t *testing.T) {
	whole := []record.Run{measured(0, record.FloorName), measured(0, "gnet/shared"), measured(1, record.FloorName), measured(1, "gnet/shared")}
	set := func(runs ...record.Run) *record.Set { return &record.Set{Header: header(), Runs: runs} }
	another := set(whole...)
	another.Time = another.Time.Add(time.Second)
	tests := []struct {
		name         string
		sets         []*record.Set
		rounds, runs int
	}{
		{"a file twice", []*record.Set{set(whole...), set(whole...)}, 2, 4},
		{"a copy that was made earlier", []*record.Set{set(whole[:1]...), set(whole...)}, 2, 4},
		{"a copy that was cut off", []*record.Set{set(whole...), set(whole[:3]...)}, 2, 4},
		{"a line twice in a file", []*record.Set{set(append(whole, whole...)...)}, 2, 4},
		{"another comparison with the same plan", []*record.Set{set(whole...), another}, 4, 8},
		{"and a copy of the first", []*record.Set{set(whole...), another, set(whole...)}, 4, 8},
		{"and a copy of the second", []*record.Set{set(whole...), another, another}, 4, 8},
	}
	for _, tt := range tests {
		merged, err := record.Merge(tt.sets...)
		check(t, err)
		if merged.Plan.Rounds != tt.rounds || len(merged.Runs) != tt.runs {
			t.Errorf("%s: %d rounds, %d runs; want %d and %d", tt.name, merged.Plan.Rounds, len(merged.Runs), tt.rounds, tt.runs)
		}
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
