package report

import (
	"cmp"
	"math"
	"slices"

	"gonum.org/v1/gonum/stat"
	"gonum.org/v1/gonum/stat/distuv"
)

// confidence is the probability that an interval holds the true value.
const confidence = 0.95

// An estimate is a mean over rounds with its interval. One round gives a mean
// and no interval, and none gives nothing: see n.
type estimate struct {
	n               int     // rounds
	mean, low, high float64 // low and high are known if n > 1
	p               float64 // of the mean being the neutral value: two-sided, Student's t
}

// estimateMean estimates the mean of values. The neutral value is 0.
func estimateMean(values []float64) estimate {
	e := estimate{n: len(values), p: 1}
	if e.n == 0 {
		return e
	}
	mean, deviation := stat.MeanStdDev(values, nil)
	e.mean, e.low, e.high = mean, mean, mean
	if e.n == 1 {
		return e
	}
	if deviation == 0 { // all rounds agree to the last bit
		if mean != 0 {
			e.p = 0
		}
		return e
	}
	t := distuv.StudentsT{Sigma: 1, Nu: float64(e.n - 1)}
	standardError := deviation / math.Sqrt(float64(e.n))
	half := t.Quantile((1+confidence)/2) * standardError
	e.low, e.high = mean-half, mean+half
	e.p = 2 * t.CDF(-math.Abs(mean)/standardError)
	return e
}

// estimateRatio estimates the geometric mean of ratios from their logarithms.
// The neutral value is 1.
func estimateRatio(logs []float64) estimate {
	e := estimateMean(logs)
	e.mean, e.low, e.high = math.Exp(e.mean), math.Exp(e.low), math.Exp(e.high)
	return e
}

// excludes reports whether the interval lies to one side of x. Only then has a
// difference been measured.
func (e estimate) excludes(x float64) bool {
	return e.n > 1 && (e.low > x || e.high < x)
}

// holm returns which of the hypotheses with these p-values are rejected so that
// the chance of any false rejection is at most 1 − confidence: the procedure of
// Holm and Bonferroni.
func holm(p []float64) []bool {
	order := make([]int, len(p))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(i, j int) int { return cmp.Compare(p[i], p[j]) })
	rejected := make([]bool, len(p))
	for rank, i := range order {
		if p[i] > (1-confidence)/float64(len(p)-rank) {
			break
		}
		rejected[i] = true
	}
	return rejected
}

// median returns the middle of the values, of which there must be one.
func median(values []float64) float64 {
	sorted := slices.Sorted(slices.Values(values))
	n := len(sorted)
	return (sorted[(n-1)/2] + sorted[n/2]) / 2
}
