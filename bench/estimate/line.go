package estimate

import (
	"math"

	"gonum.org/v1/gonum/stat"
)

// A Line is a regression y = Fixed + Slope·x.
type Line struct {
	Fixed Value `json:"fixed"`
	Slope Value `json:"slope"`

	center, spread float64 // of the x: weighted mean, weighted sum of squares around it
	weight         float64 // sum of the weights
	deviation      float64 // of y at weight 1
	quantile       float64 // of Student's t with n − 2 degrees of freedom
}

// A Weighting says what each point counts for: the inverse of the variance that
// y has there, but for a factor.
type Weighting func(x, y []float64) []float64

// Evenly is for measures that scatter by as much at any x.
func Evenly(x, _ []float64) []float64 {
	weights := make([]float64, len(x))
	for i := range weights {
		weights[i] = 1
	}
	return weights
}

// Relatively is for measures that scatter in proportion to the mean at their x.
func Relatively(x, y []float64) []float64 {
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

// Fit fits a line by weighted least squares. There must be three points or more,
// and two values of x.
func Fit(x, y []float64, w Weighting) Line {
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
	l.quantile = quantile(free)
	l.Fixed = l.At(0)
	l.Slope = Around(slope, l.quantile*l.deviation/math.Sqrt(l.spread))
	return l
}

// At estimates the mean of y at x.
func (l Line) At(x float64) Value {
	off := x - l.center
	half := l.quantile * l.deviation * math.Sqrt(1/l.weight+off*off/l.spread)
	return Around(l.Fixed.Mean+l.Slope.Mean*x, half)
}
