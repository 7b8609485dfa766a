package main

import (
	"context"
	"fmt"
	"io"

	"clock/bench/plan"
	"clock/bench/plan/measured"
	"clock/bench/record"
)

// runPlan is clockbench plan.
func runPlan(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	o, err := parsePlan(args, stdout)
	if err != nil {
		return err
	}
	data, err := readData(o.files)
	if err != nil {
		return err
	}
	if len(o.servers) > 0 {
		if data, err = data.Only(o.servers); err != nil {
			return usageError("-server: %w", err)
		}
	}
	if data.LeftOut > 0 {
		fmt.Fprintf(stderr, "clockbench plan: %d runs are left out: they were inconclusive, or lost lines or clients\n", data.LeftOut)
	}
	models, err := plan.Fit(data)
	if err != nil {
		return err
	}
	p, err := plan.Make(models, o.Target)
	if err != nil {
		return err
	}
	out, err := openOutputs(ctx, stdout, o.files, o.json, "")
	if err != nil {
		return err
	}
	defer out.close()
	if err := out.write(p, planTable(p), nil); err != nil {
		return err
	}
	if err := p.Unmet(); err != nil {
		return exitError{err, exitMissed}
	}
	return nil
}

// readData reads what the files have that can be planned with.
func readData(files []string) (plan.Data, error) {
	var sets []*record.Set
	for _, path := range files {
		searches, err := record.HasSearches(path)
		if err != nil {
			return plan.Data{}, err
		}
		if searches {
			continue // what a server holds here, and not what it costs
		}
		set, err := record.ReadFile(path)
		if err != nil {
			return plan.Data{}, err
		}
		sets = append(sets, set)
	}
	set, err := record.Merge(sets...)
	if err != nil {
		return plan.Data{}, err
	}
	return measured.Data(set), nil
}
