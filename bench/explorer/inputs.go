package explorer

// A slider is an input of the page: a number, and a slider for the usual ones.
type slider struct {
	ID, Label, Unit string
	Value           float64
	Steps           []float64 // of the slider
}

// The defaults are those of clockbench plan, for a million clients.
var sliders = []slider{
	{"clients", "Clients", "", 1_000_000, decades(1000, 10, 12, 15, 20, 25, 30, 40, 50, 60, 80)},
	{"interval", "A line every", "s", 1, []float64{0.1, 0.2, 0.25, 0.5, 1, 2, 3, 5, 10, 15, 20, 30, 60}},
	{"slo", "SLO", "ms", 100, []float64{1, 2, 3, 5, 7, 10, 15, 20, 30, 40, 50, 60, 70, 80, 90, 100, 125, 150, 200, 250, 300, 400, 500, 700, 1000, 2000}},
	{"cores", "Cores of a box", "", 8, []float64{1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128}},
	{"memory", "Memory of a box", "GiB", 16, []float64{0.25, 0.5, 1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128, 256, 512}},
	{"headroom", "Filled to", "%", 65, []float64{5, 10, 15, 20, 25, 30, 35, 40, 45, 50, 55, 60, 65, 70, 75, 80, 85, 90, 95, 100}},
}

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

// A percentile is one that an SLO can bound.
type percentile struct {
	Name    string
	Percent float64
}

var percentiles = []percentile{{"p50", 50}, {"p90", 90}, {"p99", 99}, {"p99.9", 99.9}, {"p99.99", 99.99}, {"max", 100}}
