package plan

import (
	"math"

	"gonum.org/v1/gonum/stat"
	"gonum.org/v1/gonum/stat/distuv"
)

// confidence is the probability that an interval holds the true value.
const confidence = 0.95

// An Estimate is a value and its 95 % interval.
type Estimate struct {
	Mean float64 `json:"mean"`
	Low  float64 `json:"low"`
	High float64 `json:"high"`
}

func around(mean, half float64) Estimate { return Estimate{mean, mean - half, mean + half} }

func (e Estimate) times(x float64) Estimate { return Estimate{e.Mean * x, e.Low * x, e.High * x} }

// plus adds the bounds too, so the interval is wider than that of the sum of
// two independent values: these come from the same runs.
func (e Estimate) plus(f Estimate) Estimate {
	return Estimate{e.Mean + f.Mean, e.Low + f.Low, e.High + f.High}
}

// positive is e where it cannot be negative, as a line can be near 0 clients.
func (e Estimate) positive() Estimate { return Estimate{max(e.Mean, 0), max(e.Low, 0), max(e.High, 0)} }

// A Line is a regression y = Fixed + Slope·x.
type Line struct {
	Fixed Estimate `json:"fixed"`
	Slope Estimate `json:"slope"`

	center, spread float64 // of the x: weighted mean, weighted sum of squares around it
	weight         float64 // sum of the weights
	deviation      float64 // of y at weight 1
	student        float64 // quantile of Student's t with n − 2 degrees of freedom
}

// A weighting says what each point counts for: the inverse of the variance that
// y has there, but for a factor.
type weighting func(x, y []float64) []float64

// evenly is for measures that scatter by as much at any x.
func evenly(x, _ []float64) []float64 {
	weights := make([]float64, len(x))
	for i := range weights {
		weights[i] = 1
	}
	return weights
}

// relatively is for measures that scatter in proportion to the mean at their x.
func relatively(x, y []float64) []float64 {
	sums, counts := make(map[float64]float64), make(map[float64]float64)
	for i := range x {
		sums[x[i]] += y[i]
		counts[x[i]]++
	}
	weights := make([]float64, len(x))
	for i := range x {
		mean := sums[x[i]] / counts[x[i]]
		weights[i] = 1 / (mean * mean)
	}
	return weights
}

// regress fits a line by weighted least squares. There must be three points or
// more, and two values of x.
func regress(x, y []float64, w weighting) Line {
	weights := w(x, y)
	fixed, slope := stat.LinearRegression(x, y, weights, false)
	l := Line{center: stat.Mean(x, weights)}
	l.Fixed.Mean, l.Slope.Mean = fixed, slope
	var residual float64
	for i := range x {
		off := y[i] - fixed - slope*x[i]
		l.weight += weights[i]
		l.spread += weights[i] * (x[i] - l.center) * (x[i] - l.center)
		residual += weights[i] * off * off
	}
	free := float64(len(x) - 2)
	l.deviation = math.Sqrt(residual / free)
	l.student = distuv.StudentsT{Sigma: 1, Nu: free}.Quantile((1 + confidence) / 2)
	l.Fixed = l.At(0)
	l.Slope = around(slope, l.student*l.deviation/math.Sqrt(l.spread))
	return l
}

// At estimates the mean of y at x.
func (l Line) At(x float64) Estimate {
	off := x - l.center
	half := l.student * l.deviation * math.Sqrt(1/l.weight+off*off/l.spread)
	return around(l.Fixed.Mean+l.Slope.Mean*x, half)
}

// geometric estimates the geometric mean of positive values, of which there
// must be one. One alone has no interval.
func geometric(values []float64) Estimate {
	logs := make([]float64, len(values))
	for i, v := range values {
		logs[i] = math.Log(v)
	}
	mean, deviation := stat.Mean(logs, nil), 0.0
	if n := float64(len(logs)); n > 1 {
		t := distuv.StudentsT{Sigma: 1, Nu: n - 1}.Quantile((1 + confidence) / 2)
		deviation = t * stat.StdDev(logs, nil) / math.Sqrt(n)
	}
	return Estimate{math.Exp(mean), math.Exp(mean - deviation), math.Exp(mean + deviation)}
}
