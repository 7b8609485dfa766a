package estimate_test

import (
	"math"
	"slices"
	"testing"

	"clock/bench/estimate"
)

func TestMeanOf(t *testing.T) {
	tests := []struct {
		name   string
		values []float64
		want   estimate.Mean
	}{
		{"nothing", nil, estimate.Mean{P: 1}},
		{"one value has no interval", []float64{3}, estimate.Mean{Value: estimate.Value{Mean: 3, Low: 3, High: 3}, N: 1, P: 1}},
		{"as in a table of Student's t", []float64{1, 2, 3, 4, 5}, estimate.Mean{Value: estimate.Value{Mean: 3, Low: 1.03676, High: 4.96324}, N: 5, P: 0.013236}},
		{"around zero", []float64{-1, 1}, estimate.Mean{Value: estimate.Value{Mean: 0, Low: -12.7062, High: 12.7062}, N: 2, P: 1}},
		{"all zero", []float64{0, 0}, estimate.Mean{N: 2, P: 1}},
		{"all the same", []float64{2, 2}, estimate.Mean{Value: estimate.Value{Mean: 2, Low: 2, High: 2}, N: 2, P: 0}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := estimate.MeanOf(tt.values)
			if got.N != tt.want.N || !near(got.Mean, tt.want.Mean) || !near(got.Low, tt.want.Low) || !near(got.High, tt.want.High) || !near(got.P, tt.want.P) {
				t.Errorf("estimate.MeanOf = %+v, want %+v", got, tt.want)
			}
		})
	}
}

func TestGeometricMeanIsTheSameBothWays(t *testing.T) {
	e := estimate.GeometricMeanOf([]float64{2, 2.2, 1.9})
	r := estimate.GeometricMeanOf([]float64{1 / 2.0, 1 / 2.2, 1 / 1.9})
	if !near(e.Mean, math.Cbrt(2*2.2*1.9)) || !near(e.Mean*r.Mean, 1) || !near(e.Low*r.High, 1) || !near(e.P, r.P) {
		t.Errorf("%+v and %+v are not reciprocal", e, r)
	}
	if !e.Excludes(1) || !r.Excludes(1) {
		t.Errorf("%+v does not exclude 1", e)
	}
}

func TestOneRoundExcludesNothing(t *testing.T) {
	if estimate.GeometricMeanOf([]float64{5}).Excludes(1) {
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
			if got := estimate.Holm(tt.p); !slices.Equal(got, tt.want) {
				t.Errorf("estimate.Holm(%v) = %v, want %v", tt.p, got, tt.want)
			}
		})
	}
}

func TestMedian(t *testing.T) {
	values := []float64{9, 1, 5, 3}
	if got := estimate.Median(values); got != 4 {
		t.Errorf("median = %v, want 4", got)
	}
	if got := estimate.Median(values[:3]); got != 5 {
		t.Errorf("median = %v, want 5", got)
	}
	if !slices.Equal(values, []float64{9, 1, 5, 3}) {
		t.Errorf("median reordered its argument to %v", values)
	}
}

func near(a, b float64) bool { return math.Abs(a-b) < 1e-4 }
