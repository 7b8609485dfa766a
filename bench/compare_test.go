package bench

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"clock"
	"clock/bench/load"
	"clock/bench/record"
)

// plan is a comparison of six cells.
func plan(rounds int) record.Plan {
	p := record.Plan{
		Variants: []record.Variant{
			{Name: "floor", Engine: record.FloorName, Ticker: clock.Shared},
			{Name: "gnet/shared", Engine: "gnet", Ticker: clock.Shared},
			{Name: "goroutine/per-conn", Engine: "goroutine", Ticker: clock.PerConn},
		},
		Rounds: rounds, Interval: time.Second, Warmup: time.Second, Duration: time.Second, Seed: 7,
	}
	for _, v := range p.Variants {
		p.Cells = append(p.Cells, record.Cell{Variant: v.Name, Conns: 10}, record.Cell{Variant: v.Name, Conns: 20})
	}
	return p
}

// open opens a new file for the plan, or the file of before.
func open(t *testing.T, path string, p record.Plan) *record.File {
	t.Helper()
	f, err := record.Open(path, record.Header{Version: record.Version, Time: time.Now().UTC().Truncate(time.Second), Plan: p})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return f
}

// quietRun is what a trial yields that went well.
func quietRun() record.Run {
	jitter := load.NewHistogram()
	jitter.Record(time.Millisecond)
	return record.Run{Load: &load.Result{To: time.Time{}.Add(time.Second), Lines: 1, AllLines: 1, Jitter: jitter, Connect: load.Connect{First: load.NewHistogram()}}}
}

func TestComparisonMeasuresEachCellOnceARound(t *testing.T) {
	f := open(t, filepath.Join(t.TempDir(), "x.jsonl"), plan(3))
	var tried []string
	c := &comparison{file: f, plan: f.Set().Plan, watch: func(Progress) {}}
	c.try = func(t trial, _ context.Context) (record.Run, error) {
		tried = append(tried, fmt.Sprint(t.variant.Name, t.fleet.Conns))
		return quietRun(), nil
	}
	if err := errors.Join(c.settle(), c.run(t.Context())); err != nil {
		t.Fatal(err)
	}
	rounds := slices.Collect(slices.Chunk(tried, 6))
	if len(rounds) != 3 || slices.Equal(rounds[0], rounds[1]) && slices.Equal(rounds[1], rounds[2]) {
		t.Errorf("three rounds of six, not all in the same order, are %q", rounds)
	}
	for _, round := range rounds {
		for block := range slices.Chunk(round, 3) {
			if conns := block[0][len(block[0])-2:]; !strings.HasSuffix(block[1], conns) || !strings.HasSuffix(block[2], conns) {
				t.Errorf("servers under one load are not measured one after the other: %q", round)
			}
		}
		slices.Sort(round)
		if len(slices.Compact(round)) != 6 {
			t.Errorf("a round has a cell twice: %q", round)
		}
	}
	for i, run := range f.Set().Runs {
		if run.Round != i/6 {
			t.Errorf("run %d is of round %d", i, run.Round)
		}
	}
}

func TestComparisonIsTakenUpAgain(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.jsonl")
	var sittings [2][]string
	for sitting := range sittings {
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		f := open(t, path, plan(2))
		c := &comparison{file: f, plan: f.Set().Plan, watch: func(Progress) {}}
		c.try = func(t trial, _ context.Context) (record.Run, error) {
			if sitting == 0 && len(sittings[0]) == 7 {
				cancel()
				return record.Run{}, errors.New("killed")
			}
			sittings[sitting] = append(sittings[sitting], fmt.Sprint(t.variant.Name, t.fleet.Conns))
			return quietRun(), nil
		}
		err := errors.Join(c.settle(), c.run(ctx))
		if sitting == 0 && !errors.Is(err, context.Canceled) || sitting == 1 && err != nil {
			t.Fatalf("sitting %d: %v", sitting, err)
		}
		f.Close()
	}
	if len(sittings[0]) != 7 || len(sittings[1]) != 5 {
		t.Fatalf("%d and %d runs, want 7 and 5", len(sittings[0]), len(sittings[1]))
	}
	second := append(sittings[0][6:], sittings[1]...)
	slices.Sort(second)
	if len(slices.Compact(second)) != 6 {
		t.Errorf("the second round is %q", second)
	}
}

func TestDoubtfulRunsAreRepeated(t *testing.T) {
	tests := []struct {
		name  string
		spoil func(*record.Run)
		note  string
	}{
		{"inconclusive", func(r *record.Run) { r.Load.Inconclusive = []string{"saturated"} }, "saturated"},
		{"disturbed", func(r *record.Run) { r.OtherCPU = 0.3 }, "30%"},
	}
	for _, tt := range tests {
		for _, bad := range []int{1, maxTries} {
			t.Run(fmt.Sprint(tt.name, bad), func(t *testing.T) {
				p := plan(1)
				p.Cells = p.Cells[:1]
				f := open(t, filepath.Join(t.TempDir(), "x.jsonl"), p)
				tries, notes := 0, ""
				c := &comparison{file: f, plan: p, watch: func(p Progress) { notes += p.Note }}
				c.try = func(trial, context.Context) (record.Run, error) {
					run := quietRun()
					if tries++; tries <= bad {
						tt.spoil(&run)
					}
					return run, nil
				}
				if err := errors.Join(c.settle(), c.run(t.Context())); err != nil {
					t.Fatal(err)
				}
				if kept := f.Set().Runs[0]; kept.Conclusive() != (bad < maxTries) {
					t.Errorf("after %d such runs the one that is kept is conclusive: %v", bad, kept.Conclusive())
				}
				if want := min(bad+1, maxTries); tries != want || len(f.Set().Runs) != 1 || !strings.Contains(notes, tt.note) {
					t.Errorf("%d tries, %d runs kept, notes %q; want %d and one", tries, len(f.Set().Runs), notes, want)
				}
			})
		}
	}
}

func TestAServerThatIsNotAsPlannedIsMeasuredOnce(t *testing.T) {
	tries, notes := 0, ""
	run, err := untilConclusive(t.Context(), func(context.Context) (record.Run, error) {
		tries++
		run := quietRun()
		run.Load.Mismatch = "the server has a shared ticker"
		run.Load.Inconclusive = []string{run.Load.Mismatch}
		return run, nil
	}, func(note string) { notes += note })
	if err != nil || run.Conclusive() || tries != 1 || !strings.Contains(notes, "shared ticker") {
		t.Errorf("%d tries, conclusive %v, error %v, notes %q", tries, run.Conclusive(), err, notes)
	}
}

func TestPlanWithAnUnknownVariantIsRefused(t *testing.T) {
	p := plan(1)
	p.Cells = append(p.Cells, record.Cell{Variant: "cuckoo", Conns: 1})
	f := open(t, filepath.Join(t.TempDir(), "x.jsonl"), p)
	if err := Compare(t.Context(), f, func(Progress) {}); err == nil || !strings.Contains(err.Error(), "cuckoo") {
		t.Errorf("error %v", err)
	}
}
