package report

import (
	"slices"

	"clock"
	"clock/bench/estimate"
	"clock/bench/plan"
	"clock/bench/record"
)

// data is a comparison as the parts of the report ask for it. Inconclusive
// runs are in none of its figures.
type data struct {
	plan     record.Plan
	env      record.Environment
	sources  []Source
	variants []record.Variant // the floor first, then as planned
	sizes    []int            // numbers of clients measured with none of them stalled, ascending
	runs     map[record.Cell][]record.Run
	left     []record.Run // the inconclusive runs

	searched   []capacity
	models     []plan.Model      // none if there is too little data
	validation []plan.Prediction // of the models
}

func newData(set *record.Set, sources []Source) *data {
	d := &data{plan: set.Plan, env: set.Env, sources: sources, runs: map[record.Cell][]record.Run{}}
	var searches []record.Search
	for _, source := range sources {
		for _, s := range source.Searches {
			if !slices.ContainsFunc(searches, s.Same) {
				searches = append(searches, s)
			}
		}
	}
	d.searched = newCapacities(searches)
	d.models, d.validation = fit(set)
	d.variants = slices.Clone(set.Plan.Variants)
	slices.SortStableFunc(d.variants, func(a, b record.Variant) int {
		switch {
		case isFloor(a) == isFloor(b):
			return 0
		case isFloor(a):
			return -1
		}
		return 1
	})
	for _, c := range set.Plan.Cells {
		for _, r := range set.Select(c) {
			if !r.Conclusive() {
				d.left = append(d.left, r)
				continue
			}
			d.runs[c] = append(d.runs[c], r)
			if c.Stalled == 0 && !slices.Contains(d.sizes, c.Conns) {
				d.sizes = append(d.sizes, c.Conns)
			}
		}
	}
	slices.Sort(d.sizes)
	return d
}

func isFloor(v record.Variant) bool { return v.Name == record.FloorName }

// compared are the variants that are held against each other: neither the
// floor nor the controls.
func (d *data) compared() []record.Variant {
	return d.where(func(v record.Variant) bool { return !isFloor(v) && v.Control == "" })
}

// where returns the variants that are so, in order.
func (d *data) where(so func(record.Variant) bool) []record.Variant {
	var found []record.Variant
	for _, v := range d.variants {
		if so(v) {
			found = append(found, v)
		}
	}
	return found
}

// with returns the compared variants that have the ticker.
func (d *data) with(ticker clock.TickerKind) []record.Variant {
	return slices.DeleteFunc(d.compared(), func(v record.Variant) bool { return v.Ticker != ticker })
}

// cell is the cell of a variant with so many clients, none of them stalled.
func cell(v record.Variant, conns int) record.Cell {
	return record.Cell{Variant: v.Name, Conns: conns}
}

// values returns what the runs of a cell tell of a measure.
func (d *data) values(m measure, c record.Cell) []float64 {
	var values []float64
	for _, r := range d.runs[c] {
		if v, known := m.value(r); known {
			values = append(values, v)
		}
	}
	return values
}

// median returns the median over the rounds of a cell, and whether there are
// any.
func (d *data) median(m measure, c record.Cell) (float64, bool) {
	values := d.values(m, c)
	if len(values) == 0 {
		return 0, false
	}
	return estimate.Median(values), true
}

// ratio estimates by how much a exceeds b. Only runs of the same round are
// compared, so that what the machine does meanwhile cancels out.
func (d *data) ratio(m measure, a, b record.Cell) estimate.Mean {
	var ratios []float64
	for _, r := range d.runs[a] {
		i := slices.IndexFunc(d.runs[b], func(other record.Run) bool { return other.Round == r.Round })
		if i < 0 {
			continue
		}
		x, knownX := m.value(r)
		y, knownY := m.value(d.runs[b][i])
		if !knownX || !knownY {
			continue
		}
		if x <= 0 || y <= 0 {
			return estimate.Mean{} // to leave out just these would bias the mean
		}
		ratios = append(ratios, x/y)
	}
	return estimate.GeometricMeanOf(ratios)
}
