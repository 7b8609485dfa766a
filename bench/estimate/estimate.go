// Package estimate has the estimates of the benchmarks: means, ratios and straight
// lines, each with the interval that holds the true value with a probability of 95
// %, by Student's t.
package estimate

import (
	"cmp"
	"math"
	"slices"

	"gonum.org/v1/gonum/stat"
	"gonum.org/v1/gonum/stat/distuv"
)

// Confidence is the probability that an interval holds the true value.
const Confidence = 0.95

// quantile is how many standard errors an interval reaches to each side, with so
// many degrees of freedom.
func quantile(free float64) float64 {
	return distuv.StudentsT{Sigma: 1, Nu: free}.Quantile((1 + Confidence) / 2)
}

// A Value is an estimate and its interval.
type Value struct {
	Mean float64 `json:"mean"`
	Low  float64 `json:"low"`
	High float64 `json:"high"`
}

// Around returns a value whose interval reaches half its width to each side.
func Around(mean, half float64) Value { return Value{mean, mean - half, mean + half} }

// Times returns v times x, which must not be negative.
func (v Value) Times(x float64) Value { return Value{v.Mean * x, v.Low * x, v.High * x} }

// Plus adds the bounds, too, so the interval is wider than that of the sum of two
// independent values.
func (v Value) Plus(w Value) Value { return Value{v.Mean + w.Mean, v.Low + w.Low, v.High + w.High} }

// Positive returns v where it cannot be negative, as a line can be near 0.
func (v Value) Positive() Value { return Value{max(v.Mean, 0), max(v.Low, 0), max(v.High, 0)} }

// A Mean is the mean of a sample. A sample of one has no interval, and one of none
// has no mean.
type Mean struct {
	Value
	N int     // the size of the sample
	P float64 // of the true mean being the neutral value: two-sided
}

// MeanOf estimates the mean of which values are a sample. The neutral value is 0.
func MeanOf(values []float64) Mean {
	m := Mean{N: len(values), P: 1}
	if m.N == 0 {
		return m
	}
	mean, deviation := stat.MeanStdDev(values, nil)
	m.Value = Around(mean, 0)
	if m.N == 1 {
		return m
	}
	if deviation == 0 { // all agree to the last bit
		if mean != 0 {
			m.P = 0
		}
		return m
	}
	free, standardError := float64(m.N-1), deviation/math.Sqrt(float64(m.N))
	m.Value = Around(mean, quantile(free)*standardError)
	m.P = 2 * distuv.StudentsT{Sigma: 1, Nu: free}.CDF(-math.Abs(mean)/standardError)
	return m
}

// GeometricMeanOf estimates the geometric mean of which values, all greater than
// 0, are a sample. The neutral value is 1.
func GeometricMeanOf(values []float64) Mean {
	logs := make([]float64, len(values))
	for i, v := range values {
		logs[i] = math.Log(v)
	}
	m := MeanOf(logs)
	m.Value = Value{math.Exp(m.Mean), math.Exp(m.Low), math.Exp(m.High)}
	return m
}

// Excludes reports whether the interval lies to one side of x. Only then has a
// difference been measured.
func (m Mean) Excludes(x float64) bool { return m.N > 1 && (m.Low > x || m.High < x) }

// Holm returns which of the hypotheses with these p-values are rejected so that
// the chance of any false rejection is at most 1 − Confidence: the procedure of
// Holm and Bonferroni.
func Holm(p []float64) []bool {
	order := make([]int, len(p))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(i, j int) int { return cmp.Compare(p[i], p[j]) })
	rejected := make([]bool, len(p))
	for rank, i := range order {
		if p[i] > (1-Confidence)/float64(len(p)-rank) {
			break
		}
		rejected[i] = true
	}
	return rejected
}

// Median returns the middle of the values, of which there must be one.
func Median(values []float64) float64 {
	sorted := slices.Sorted(slices.Values(values))
	n := len(sorted)
	return (sorted[(n-1)/2] + sorted[n/2]) / 2
}
