package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"clock/bench"
	"clock/bench/load"
)

// runSoak is clockbench soak.
func runSoak(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	o, err := parseSoak(args, stdout)
	if err != nil {
		return err
	}
	out, err := openOutputs(ctx, stdout, nil, o.json, "")
	if err != nil {
		return err
	}
	defer out.close()

	view := &soakView{progress: newProgress("clockbench soak", stderr), plan: o.SoakPlan}
	env, err := bench.Environment()
	if err != nil {
		return err
	}
	view.warn(env)
	result, err := bench.Soak(ctx, o.SoakPlan, view.show)
	view.clear()
	switch {
	case result == nil && ctx.Err() != nil:
		return errors.New("interrupted before anything was counted")
	case result == nil:
		return err
	}
	written := out.write(result, soakSummary(result), nil)
	return errors.Join(soakVerdict(ctx, result, err), written)
}

// soakVerdict says what is wrong with the result, where anything is: that it is
// cut short by err, that the server has failed, or that it is inconclusive.
func soakVerdict(ctx context.Context, r *bench.SoakResult, err error) error {
	if err != nil && ctx.Err() != nil {
		err = fmt.Errorf("interrupted: the figures are of the %v until then", r.Load.To.Sub(r.Load.From))
	}
	var errs []error
	for _, failure := range r.Failed {
		errs = append(errs, fmt.Errorf("failed: %s", failure))
	}
	switch {
	case err != nil:
		return errors.Join(append([]error{err}, errs...)...)
	case len(errs) > 0:
		return exitError{errors.Join(errs...), exitMissed}
	}
	for _, reason := range r.Inconclusive {
		errs = append(errs, fmt.Errorf("inconclusive: %s", reason))
	}
	if len(errs) > 0 {
		return exitError{errors.Join(errs...), exitInconclusive}
	}
	return nil
}

// A soakView shows how a soak goes.
type soakView struct {
	*progress
	plan  bench.SoakPlan
	phase load.Phase
	pace  pace
	told  time.Time // when a line was, where there is no live one
}

// tellEvery is how often a line tells how a soak goes, where there is no live
// line.
const tellEvery = time.Minute

// show is the watch of a soak.
func (v *soakView) show(p bench.SoakProgress) {
	now := time.Now()
	line := describeSoak(p, v.pace.of(p.Load, now), now)
	if p.Load.Phase != "" && p.Load.Phase != load.Done && !v.live() && (p.Load.Phase != v.phase || now.Sub(v.told) >= tellEvery) {
		v.note("%s", line)
		v.told = now
	}
	v.phase = p.Load.Phase
	v.draw(line)
}

// describeSoak says in a line how a soak goes.
func describeSoak(p bench.SoakProgress, linesPerSecond float64, now time.Time) string {
	s := fmt.Sprintf("%s; %d storms", describe(p.Load, linesPerSecond, now), p.Storms)
	if p.Sample.User > 0 {
		s += fmt.Sprintf("; %.1f MiB, %d files", float64(p.Sample.User)/(1<<20), p.Sample.Files)
	}
	if p.Sample.Goroutines > 0 {
		s += fmt.Sprintf(", %d goroutines", p.Sample.Goroutines)
	}
	return s
}
