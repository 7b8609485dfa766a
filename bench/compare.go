package bench

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"clock/bench/load"
	"clock/bench/record"
)

// maxTries is how often a run is measured until one is conclusive. The last one
// is kept, such as it is, and nothing is judged by it.
const maxTries = 3

// Progress is how a comparison goes.
type Progress struct {
	Done, Total int           // runs
	Left        time.Duration // an estimate, for the runs that are not done
	Round       int           // from 0, of the run in progress
	Cell        record.Cell   // what is measured now
	Load        load.Progress // of the run in progress
	Note        string        // what somebody should know, such as why a run is repeated; mostly ""
}

// Compare measures what the plan of the file asks for and the file lacks, and
// appends each run to the file. It returns an error if a run cannot be
// measured, and ctx's if that is done first; what was measured is in the file
// then, and Compare can go on with it another time.
func Compare(ctx context.Context, f *record.File, watch func(Progress)) error {
	c := &comparison{file: f, plan: f.Set().Plan, watch: watch, try: trial.measure}
	if err := c.settle(); err != nil {
		return err
	}
	return c.run(ctx)
}

type comparison struct {
	file     *record.File
	plan     record.Plan
	trial    trial // what all runs have in common
	try      func(trial, context.Context) (record.Run, error)
	watch    func(Progress)
	variants map[string]record.Variant
	done     map[task]bool
	progress Progress
	spent    time.Duration // on the runs of this sitting, and
	runs     int           // their number
}

// A task is one run of the plan.
type task struct {
	round int
	cell  record.Cell
}

// settle works out where to measure, and what is left to do.
func (c *comparison) settle() (err error) {
	c.trial.isolated = c.file.Set().Env.Namespace
	c.trial.serverCPU, c.trial.fleetCPU = c.file.Set().Env.ServerCPU, c.file.Set().Env.FleetCPU
	c.variants = make(map[string]record.Variant)
	for _, v := range c.plan.Variants {
		c.variants[v.Name] = v
	}
	for _, cell := range c.plan.Cells {
		if _, ok := c.variants[cell.Variant]; !ok {
			return fmt.Errorf("the plan has a cell for %q, which is none of its variants", cell.Variant)
		}
	}
	c.done = make(map[task]bool)
	for _, run := range c.file.Set().Runs {
		c.done[task{run.Round, run.Cell}] = true
	}
	c.progress.Done, c.progress.Total = len(c.done), len(c.plan.Cells)*c.plan.Rounds
	return nil
}

// order returns the cells of a round in the order in which they are measured.
// It is random, in blocks: all servers under one load come one after the other,
// because machines are faster at one time than at another, and what is compared
// should not lie far apart. It follows from the plan, so that a comparison can
// be taken up again.
func order(p record.Plan, round int) []record.Cell {
	random := rand.New(rand.NewPCG(p.Seed, uint64(round)))
	cells := slices.Clone(p.Cells)
	random.Shuffle(len(cells), func(i, j int) { cells[i], cells[j] = cells[j], cells[i] })
	first := make(map[record.Cell]int) // where a load's first cell is
	load := func(c record.Cell) record.Cell { return record.Cell{Conns: c.Conns, Stalled: c.Stalled} }
	for i, c := range slices.Backward(cells) {
		first[load(c)] = i
	}
	slices.SortStableFunc(cells, func(a, b record.Cell) int { return first[load(a)] - first[load(b)] })
	return cells
}

func (c *comparison) run(ctx context.Context) error {
	for round := range c.plan.Rounds {
		for _, cell := range order(c.plan, round) {
			task := task{round, cell}
			if c.done[task] {
				continue
			}
			began := time.Now()
			run, err := c.measure(ctx, task)
			if err != nil {
				return err
			}
			if err := c.file.Append(run); err != nil {
				return err
			}
			c.spent += time.Since(began)
			c.runs++
			c.progress.Done++
		}
	}
	return nil
}

// measure measures a task, more than once if need be.
func (c *comparison) measure(ctx context.Context, task task) (record.Run, error) {
	t := c.trial
	t.variant = c.variants[task.cell.Variant]
	t.fleet = fleetSpec{
		Conns: task.cell.Conns, Ticker: t.variant.Ticker, Interval: c.plan.Interval,
		Warmup: c.plan.Warmup, Duration: c.plan.Duration, Stalled: task.cell.Stalled, Storm: true,
	}
	c.progress.Round, c.progress.Cell, c.progress.Load = task.round, task.cell, load.Progress{}
	t.watch = func(p load.Progress) {
		c.progress.Load = p
		c.tell("")
	}
	c.tell("")
	run, err := untilConclusive(ctx, func(ctx context.Context) (record.Run, error) { return c.try(t, ctx) }, c.tell)
	switch {
	case ctx.Err() != nil:
		return run, ctx.Err()
	case err != nil:
		return run, fmt.Errorf("%s: %w", task.cell, err)
	}
	run.Round, run.Cell = task.round, task.cell
	return run, nil
}

// untilConclusive measures until a run is conclusive, and tells what was wrong
// with one that is not. A server that is not as the plan has it will not be so
// in another run.
func untilConclusive(ctx context.Context, measure func(context.Context) (record.Run, error), tell func(note string)) (record.Run, error) {
	for try := 1; ; try++ {
		run, err := measure(ctx)
		if err != nil || ctx.Err() != nil {
			return run, err
		}
		switch {
		case run.Conclusive():
			return run, nil
		case try == maxTries || run.Load.Mismatch != "":
			tell(run.Doubts()[0] + "; the server is not judged by this run")
			return run, nil
		}
		tell(run.Doubts()[0] + "; measured again")
	}
}

// tell fills in the time left and passes the progress on.
func (c *comparison) tell(note string) {
	c.progress.Note = note
	// A guess, until there is experience: connecting, and all that surrounds it.
	each := c.plan.Interval + c.plan.Warmup + c.plan.Duration + 3*time.Second
	if c.runs > 0 {
		each = c.spent / time.Duration(c.runs)
	}
	left := float64(c.progress.Total-c.progress.Done) * float64(each)
	c.progress.Left = time.Duration(min(left, float64(load.MaxTime))) // nobody waits longer
	c.watch(c.progress)
}
