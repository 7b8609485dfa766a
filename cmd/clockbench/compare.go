package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"clock/bench"
	"clock/bench/load"
	"clock/bench/record"
	"clock/bench/slo"
)

// runCompare is clockbench compare.
func runCompare(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	o, err := parseCompare(args, stdout)
	if err != nil {
		return err
	}
	plan, err := o.plan()
	if err != nil {
		return err
	}
	env, err := bench.Environment()
	if err != nil {
		return err
	}
	file, err := record.Open(o.out, record.Header{Time: time.Now(), Plan: plan, Env: env})
	if err != nil {
		return err
	}
	defer file.Close()
	set := file.Set()
	if o.seedGiven && set.Plan.Seed != o.seed {
		return usageError("the comparison in %s has seed %d: leave out -seed, or choose another -o", o.out, set.Plan.Seed)
	}

	view := &compareView{progress: newProgress("clockbench compare", stderr), set: set, told: len(set.Runs)}
	view.warn(env)
	view.note("%s; %d of %d measurements are in %s", describePlan(set.Plan), len(set.Runs), total(set), o.out)
	err = bench.Compare(ctx, file, view.show)
	view.tellRuns(0)
	view.clear()
	if ctx.Err() != nil {
		err = errors.New("interrupted")
	}
	if err != nil {
		return fmt.Errorf("%w\n%d of %d measurements are in %s; run the same command again to go on", err, len(set.Runs), total(set), o.out)
	}
	view.note("done; for a report: clockbench report -o RESULTS.md %s", o.out)
	return inconclusive(set)
}

func total(s *record.Set) int { return len(s.Plan.Cells) * s.Plan.Rounds }

// inconclusive returns an error that names the cells with inconclusive runs.
func inconclusive(s *record.Set) error {
	var errs []error
	for _, c := range s.Plan.Cells {
		runs := s.Select(c)
		var doubts []string // of the last
		bad := 0
		for _, r := range runs {
			if !r.Conclusive() {
				doubts = r.Doubts()
				bad++
			}
		}
		if bad > 0 {
			errs = append(errs, fmt.Errorf("inconclusive: %v in %d of %d rounds: %s", c, bad, len(runs), doubts[0]))
		}
	}
	if len(errs) == 0 {
		return nil
	}
	return exitError{errors.Join(errs...), exitInconclusive}
}

// A compareView shows how a comparison goes.
type compareView struct {
	*progress
	set  *record.Set
	told int // runs
	pace pace
}

// show is the watch of a comparison.
func (v *compareView) show(p bench.Progress) {
	v.tellRuns(p.Left)
	if p.Note != "" {
		v.note("%v: %s", p.Cell, p.Note)
	}
	now := time.Now()
	v.draw(fmt.Sprintf("%d/%d, %s left; %v, %s",
		p.Done, p.Total, clockTime(p.Left), p.Cell, describe(p.Load, v.pace.of(p.Load, now), now)))
}

// tellRuns tells of the runs that have ended, a line each, where there is no
// live line.
func (v *compareView) tellRuns(left time.Duration) {
	for ; v.told < len(v.set.Runs); v.told++ {
		if !v.live() {
			v.note("%d/%d, %s left; %s", v.told+1, total(v.set), clockTime(left), describeRun(v.set.Runs[v.told]))
		}
	}
}

// describeRun says in a line what a run has measured.
func describeRun(r record.Run) string {
	s := fmt.Sprintf("%v: %s p99 %v, %.2f µs a line", r.Cell, slo.Measure(r.Load.Ticker), load.Brief(r.Load.Judged().Percentile(99)), 1e6*r.CPUPerLine())
	if !r.Conclusive() {
		s += "; inconclusive: " + r.Doubts()[0]
	}
	return s
}

// clockTime writes a time that is left, such as 45s or 1h2m.
func clockTime(d time.Duration) string {
	d = d.Round(time.Second)
	if d < time.Minute {
		return d.String()
	}
	return strings.TrimSuffix(d.Round(time.Minute).String(), "0s")
}
