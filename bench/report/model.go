package report

import (
	"fmt"
	"math"
	"slices"

	"clock/bench/plan"
	"clock/bench/plan/measured"
	"clock/bench/record"
)

// fit fits the models of package plan. There are none where there is too
// little data for them.
func fit(set *record.Set) (models []plan.Model, validation []plan.Prediction) {
	data := measured.Data(set)
	models, err := plan.Fit(data)
	if err != nil {
		return nil, nil
	}
	validation, err = plan.Validate(data)
	if err != nil {
		return models, nil
	}
	return models, validation
}

// maxError is how far a prediction may be off to be of use: a tenth.
const maxError = 0.1

// validationTable shows the errors of the models' predictions: a row for each
// server and measure, a column for each size that was held out.
func (d *data) validationTable() *table {
	var sizes []int
	for _, p := range d.validation {
		if !slices.Contains(sizes, p.Clients) {
			sizes = append(sizes, p.Clients)
		}
	}
	slices.Sort(sizes)
	head := []string{"measure", "server"}
	for _, n := range sizes {
		head = append(head, plural(n, "client"))
	}
	t := newTable(2, head...)
	t.text = 2
	if len(sizes) == 0 {
		return t
	}
	for _, measure := range []string{plan.CPUPerLine, plan.UserMemoryPerClient, plan.KernelMemoryPerClient, plan.LagP99} {
		for _, v := range d.compared() {
			row := []string{measure, v.Name}
			for _, n := range sizes {
				i := slices.IndexFunc(d.validation, func(p plan.Prediction) bool {
					return p.Measure == measure && p.Server == v.Name && p.Clients == n
				})
				if i < 0 {
					row = append(row, none)
					continue
				}
				row = append(row, showSigned(d.validation[i].Error))
			}
			t.add(row...)
		}
	}
	return t
}

// validated says how good the predictions are.
func (d *data) validated() string {
	if len(d.validation) == 0 {
		return ""
	}
	well, worst := 0, d.validation[0]
	for _, p := range d.validation {
		if math.Abs(p.Error) <= maxError {
			well++
		}
		if math.Abs(p.Error) > math.Abs(worst.Error) {
			worst = p
		}
	}
	return fmt.Sprintf("%d of %d predictions are within %s. The worst is that of the %s of `%s` with %s: %s.",
		well, len(d.validation), showPercent(maxError), worst.Measure, worst.Server, plural(worst.Clients, "client"), showSigned(worst.Error))
}
