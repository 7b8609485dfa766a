package answer

import (
	"math"
	"strconv"
	"time"
)

// An axis places values between its ends, and has its ticks at round ones.
type axis struct {
	from, to    float64
	logarithmic bool
	ticks       []Tick
}

// place returns where x is, as a share of the axis.
func (a axis) place(x float64) float64 {
	if a.logarithmic {
		return math.Log(x/a.from) / math.Log(a.to/a.from)
	}
	return (x - a.from) / (a.to - a.from)
}

// upTo is the axis from 0 to a round value that is not below most, in three to
// five steps.
func upTo(most float64) axis {
	if most <= 0 {
		most = 1
	}
	step := math.Pow(10, math.Floor(math.Log10(most/4)))
	for _, factor := range []float64{2, 2.5, 2} { // 2, 5, 10
		if most/step <= 5 {
			break
		}
		step *= factor
	}
	count := math.Ceil(most/step - 1e-9)
	a := axis{to: count * step}
	for i := range int(count) + 1 {
		a.ticks = append(a.ticks, Tick{float64(i) / count, short(float64(i) * step)})
	}
	return a
}

// decades is the axis of a time, from a power of ten of a second to another,
// with both values between.
func decades(least, most float64) axis {
	first, last := math.Floor(math.Log10(least)+1e-9), math.Ceil(math.Log10(most)-1e-9)
	a := axis{from: math.Pow(10, first), to: math.Pow(10, last), logarithmic: true}
	for k := first; k <= last; k++ {
		at := math.Pow(10, k)
		a.ticks = append(a.ticks, Tick{a.place(at), duration(at).String()})
	}
	return a
}

// short shows a number of few digits, with k for a thousand and M for a million.
func short(x float64) string {
	for _, unit := range []struct {
		name string
		size float64
	}{{"M", 1e6}, {"k", 1e3}} {
		if x >= unit.size {
			return strconv.FormatFloat(x/unit.size, 'g', 4, 64) + unit.name
		}
	}
	return strconv.FormatFloat(x, 'g', 4, 64)
}

// duration is a time in seconds, up to some 285 years: no Duration holds much
// more.
func duration(seconds float64) time.Duration {
	return time.Duration(min(math.Round(seconds*1e9), 9e18))
}
