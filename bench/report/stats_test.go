package report

import (
	"math"
	"slices"
	"testing"
)

func TestEstimateMean(t *testing.T) {
	tests := []struct {
		name   string
		values []float64
		want   estimate
	}{
		{"nothing", nil, estimate{p: 1}},
		{"one value has no interval", []float64{3}, estimate{n: 1, mean: 3, low: 3, high: 3, p: 1}},
		{"as in a table of Student's t", []float64{1, 2, 3, 4, 5}, estimate{n: 5, mean: 3, low: 1.03676, high: 4.96324, p: 0.013236}},
		{"around zero", []float64{-1, 1}, estimate{n: 2, mean: 0, low: -12.7062, high: 12.7062, p: 1}},
		{"all zero", []float64{0, 0}, estimate{n: 2, p: 1}},
		{"all the same", []float64{2, 2}, estimate{n: 2, mean: 2, low: 2, high: 2, p: 0}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := estimateMean(tt.values)
			if got.n != tt.want.n || !near(got.mean, tt.want.mean) || !near(got.low, tt.want.low) || !near(got.high, tt.want.high) || !near(got.p, tt.want.p) {
				t.Errorf("estimateMean = %+v, want %+v", got, tt.want)
			}
		})
	}
}

func TestEstimateRatioIsTheSameBothWays(t *testing.T) {
	e := estimateRatio([]float64{math.Log(2), math.Log(2.2), math.Log(1.9)})
	r := estimateRatio([]float64{-math.Log(2), -math.Log(2.2), -math.Log(1.9)})
	if !near(e.mean, math.Cbrt(2*2.2*1.9)) || !near(e.mean*r.mean, 1) || !near(e.low*r.high, 1) || !near(e.p, r.p) {
		t.Errorf("%+v and %+v are not reciprocal", e, r)
	}
	if !e.excludes(1) || !r.excludes(1) {
		t.Errorf("%+v does not exclude 1", e)
	}
}

func TestOneRoundExcludesNothing(t *testing.T) {
	if estimateRatio([]float64{5}).excludes(1) {
		t.Error("a single ratio excludes 1")
	}
}

func TestHolm(t *testing.T) {
	tests := []struct {
		name string
		p    []float64
		want []bool
	}{
		{"none", nil, []bool{}},
		{"one", []float64{0.04}, []bool{true}},
		{"too many for that", []float64{0.04, 0.5}, []bool{false, false}},
		{"stepwise", []float64{0.02, 0.012, 0.2, 0.01}, []bool{true, true, false, true}},
		{"stops at the first that holds", []float64{0.02, 0.03, 0.04}, []bool{false, false, false}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := holm(tt.p); !slices.Equal(got, tt.want) {
				t.Errorf("holm(%v) = %v, want %v", tt.p, got, tt.want)
			}
		})
	}
}

func TestMedian(t *testing.T) {
	values := []float64{9, 1, 5, 3}
	if got := median(values); got != 4 {
		t.Errorf("median = %v, want 4", got)
	}
	if got := median(values[:3]); got != 5 {
		t.Errorf("median = %v, want 5", got)
	}
	if !slices.Equal(values, []float64{9, 1, 5, 3}) {
		t.Errorf("median reordered its argument to %v", values)
	}
}

func near(a, b float64) bool { return math.Abs(a-b) < 1e-4 }
