package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"clock"
	"clock/bench/load"
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
	if looksPerConn(result) {
		shown.note("hint: the lines do not come on the tick but all through the interval; if the server has a ticker per connection, say -ticker=%s", clock.PerConn)
	}
	written := out.write(result, summary(o.Config, result), result.Judged().Text())
	return errors.Join(verdict(ctx, result, o.slo, err), written)
}

// verdict says what is wrong with the result, where anything is: that it is cut
// short by err, or inconclusive, or misses the SLO.
func verdict(ctx context.Context, r *load.Result, s slo, err error) error {
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
	for _, miss := range s.misses(r) {
		missed = append(missed, fmt.Errorf("SLO missed: %w", miss))
	}
	return errors.Join(missed...)
}

// The marks of a ticker per connection that is taken for a shared one: the
// lines come all through the interval, half of them late by much of it or, with
// a layout that shows it, before the tick.
const (
	spreadSpan = 0.75 // of the interval
	spreadLag  = 0.2
	noLag      = time.Microsecond // the least that a histogram tells from 0
)

func looksPerConn(r *load.Result) bool {
	part := func(share float64) time.Duration { return time.Duration(share * float64(r.Interval)) }
	if r.Ticker != clock.Shared || r.Span.Median < part(spreadSpan) {
		return false
	}
	lag := r.Lag.Percentile(50)
	return lag >= part(spreadLag) || lag <= noLag
}
