package main

import (
	"context"
	"errors"
	"fmt"
	"io"

	"clock/bench/load"
	"clock/bench/slo"
)

// runLoad is clockbench load.
func runLoad(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	o, err := parseLoad(args, stdout)
	if err != nil {
		return err
	}
	out, err := openOutputs(ctx, stdout, nil, o.json, o.hdr)
	if err != nil {
		return err
	}
	defer out.close()

	shown := newProgress("clockbench load", stderr)
	o.Watch = (&loadView{progress: shown, config: o.Config}).show
	result, err := load.Run(ctx, o.Config)
	shown.clear()
	switch {
	case result == nil && ctx.Err() != nil:
		return errors.New("interrupted before anything was counted")
	case result == nil:
		return err
	}
	written := out.write(result, summary(o.Config, result), result.Judged().Text())
	return errors.Join(verdict(ctx, result, o.slo, err), written)
}

// verdict says what is wrong with the result, where anything is: that it is cut
// short by err, or inconclusive, or misses the SLO.
func verdict(ctx context.Context, r *load.Result, bounds slo.SLO, err error) error {
	switch {
	case err != nil && ctx.Err() != nil:
		return fmt.Errorf("interrupted: the figures are of the %v until then", r.To.Sub(r.From))
	case err != nil:
		return err
	case len(r.Inconclusive) > 0:
		var reasons []error
		for _, reason := range r.Inconclusive {
			reasons = append(reasons, fmt.Errorf("inconclusive: %s", reason))
		}
		return exitError{errors.Join(reasons...), exitInconclusive}
	}
	var missed []error
	for _, miss := range r.Misses(bounds) {
		missed = append(missed, fmt.Errorf("SLO missed: %w", miss))
	}
	if len(missed) > 0 {
		return exitError{errors.Join(missed...), exitMissed}
	}
	return nil
}
