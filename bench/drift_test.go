package bench

import (
	"math/rand/v2"
	"testing"
	"time"

	"clock/bench/estimate"
)

// noise is what a server's figure may look like: n samples, one a second,
// around a line that rises by slope a second. Each is close to the one before.
func noise(seed uint64, n int, slope float64) (s series) {
	random := rand.New(rand.NewPCG(seed, 1))
	var x float64
	for i := range n {
		x = 0.8*x + random.NormFloat64()
		s.add(float64(i), 100+slope*float64(i)+x)
	}
	return s
}

// TestIntervalsHoldTheTrueSlope: they do so about as often as they say, though
// the samples depend on each other. Those of a line through the samples
// themselves do not.
func TestIntervalsHoldTheTrueSlope(t *testing.T) {
	const trials, slope = 1000, 0.01
	held, heldBySamples, grew := 0, 0, 0
	for seed := range uint64(trials) {
		samples := noise(seed, 600, slope)
		d := samples.drift(10*time.Second, 60)
		if want := slope * day.Seconds(); d.Low <= want && want <= d.High {
			held++
		}
		if got := estimate.Fit(samples.at, samples.value, estimate.Evenly).Slope; got.Low <= slope && slope <= got.High {
			heldBySamples++
		}
		if noise(seed, 600, 0).drift(10*time.Second, 60).Grows() {
			grew++
		}
	}
	t.Logf("of %d slopes %d are held, %d by the samples; %d of as many that do not grow are said to", trials, held, heldBySamples, grew)
	if held < 0.92*trials || held > 0.97*trials {
		t.Errorf("intervals of 95 %% hold the true slope in %d of %d", held, trials)
	}
	if heldBySamples > 0.7*trials {
		t.Errorf("those of the samples do so in %d, so these do not depend on each other", heldBySamples)
	}
	if grew > 0.04*trials {
		t.Errorf("%d of %d servers that do not grow are said to", grew, trials)
	}
}

func TestDrift(t *testing.T) {
	const period = 10 * time.Second
	// It rises and falls within each period, and ends at its top.
	var saw series
	for i := range 605 {
		saw.add(float64(i), float64(i%10))
	}
	// It grows, but for the first period.
	var late series
	for i := range 410 {
		late.add(float64(i), float64(max(0, i-10)))
	}
	tests := []struct {
		name          string
		series        series
		periods       int
		negligible    float64 // a second
		batches       int
		known, grows  bool
		atLeast, most float64 // of the slope, a second
	}{
		{"a leak", noise(1, 600, 0.1), 60, 0, 20, true, true, 0.09, 0.11},
		{"a leak that is seen in six periods", noise(2, 60, 1), 6, 0, 6, true, true, 0.5, 1.5},
		{"the same, in five", noise(2, 50, 1), 5, 0, 5, false, false, 0, 0},
		{"what shrinks does not leak", noise(3, 600, -0.1), 60, 0, 20, true, false, -0.11, -0.09},
		{"what comes and goes in each period", saw, 60, 0, 20, true, false, -1e-9, 1e-9},
		{"a period that is not over does not count", saw, 59, 0, 19, true, false, -1e-9, 1e-9},
		{"the first period, which fills no batch, does not count", late, 41, 0, 13, true, true, 1 - 1e-9, 1 + 1e-9},
		{"nothing", series{}, 0, 0, 0, false, false, 0, 0},
		{"less than does no harm", noise(4, 600, 1), 60, 2, 20, true, false, 0.9, 1.1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d := tt.series.drift(period, tt.periods)
			d.Negligible = tt.negligible * day.Seconds()
			slope := d.Slope / day.Seconds()
			if d.Batches != tt.batches || d.Known() != tt.known || d.Grows() != tt.grows || slope < tt.atLeast || slope > tt.most {
				t.Errorf("slope %g a second, %d batches, known %v, grows %v: %+v", slope, d.Batches, d.Known(), d.Grows(), d)
			}
		})
	}
}
