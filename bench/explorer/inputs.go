package explorer

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"clock/bench/plan"
)

// An input is a number of the target, from Least to Most. The usual ones have a
// slider beside them.
type input struct {
	ID, Label, Unit string
	Value           float64
	Least, Most     float64
	Whole           bool
	Steps           []float64 // of the slider
}

// Name is the label without what stands behind it.
func (i input) Name() string {
	name, _, _ := strings.Cut(i.Label, ";")
	return name
}

// Step is what HTML calls the steps between the numbers that are allowed.
func (i input) Step() string {
	if i.Whole {
		return "1"
	}
	return "any"
}

// Allowed says which numbers are.
func (i input) Allowed() string {
	kind := "number"
	if i.Whole {
		kind = "whole number"
	}
	exact := func(x float64) string { return strconv.FormatFloat(x, 'f', -1, 64) }
	return fmt.Sprintf("a %s from %s to %s", kind, exact(i.Least), exact(i.Most))
}

// The defaults are those of clockbench plan, for a million clients. The limits
// are the model's where it has any: see plan.Target. The others are beyond what
// anybody asks for, and keep all figures finite.
var (
	sliders = []input{
		{"clients", "Clients", "", 1_000_000, 1, math.MaxInt32, true, decades(1000, 10, 12, 15, 20, 25, 30, 40, 50, 60, 80)},
		{"interval", "A line every", "s", 1, 0.001, 86_400, false, []float64{0.1, 0.2, 0.25, 0.5, 1, 2, 3, 5, 10, 15, 20, 30, 60}},
		{"slo", "SLO", "ms", 100, 0.001, 3_600_000, false, []float64{1, 2, 3, 5, 7, 10, 15, 20, 30, 40, 50, 60, 70, 80, 90, 100, 125, 150, 200, 250, 300, 400, 500, 700, 1000, 2000}},
		{"cores", "Cores of a box", "", 8, 1, 1_000_000, true, []float64{1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128}},
		{"memory", "Memory of a box", "GiB", 16, 0.001, 1_000_000, false, []float64{0.25, 0.5, 1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128, 256, 512}},
		{"headroom", "Filled to", "%", 65, 0.1, 100, false, []float64{5, 10, 15, 20, 25, 30, 35, 40, 45, 50, 55, 60, 65, 70, 75, 80, 85, 90, 95, 100}},
	}
	others = []input{
		{"files", "Open files of a process", "", plan.DefaultFiles, 1, math.MaxInt32, true, nil},
		{"tcp", "TCP memory, GiB; 0 is Linux's own 3/32", "", 0, 0, 1_000_000, false, nil},
		{"proxies", "Addresses of proxies in front; 0 is none", "", 0, 0, 1_000_000, true, nil},
		{"packets", "Packets a second of the card; 0 is unknown", "", 0, 0, 1e12, false, nil},
	}
)

// decades returns the mantissas times from/10, and ten times as much, up to
// 100 million.
func decades(from float64, mantissas ...float64) []float64 {
	var steps []float64
	for unit := from / 10; unit < 1e7; unit *= 10 {
		for _, m := range mantissas {
			steps = append(steps, m*unit)
		}
	}
	return append(steps, 1e8)
}
