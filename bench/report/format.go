package report

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"clock/bench/estimate"
	"clock/bench/record"
)

// none stands in a table where nothing is known.
const none = "–"

// minus is the sign of negative numbers: as wide as a digit.
const minus = "−"

// digits shows a number with three significant digits, never in powers of ten.
func digits(x float64) string {
	if x == 0 {
		return "0"
	}
	rounded := strconv.FormatFloat(x, 'e', 2, 64) // such as 1.23e+04
	exponent, err := strconv.Atoi(rounded[strings.IndexByte(rounded, 'e')+1:])
	if err != nil {
		return none // not a number, or infinite: a measure lets neither through
	}
	value, err := strconv.ParseFloat(rounded, 64)
	if err != nil {
		return none
	}
	return fixed(value, max(0, 2-exponent))
}

// fixed shows a number with so many decimals, and the thousands apart.
func fixed(x float64, decimals int) string {
	s := strconv.FormatFloat(math.Abs(x), 'f', decimals, 64)
	whole, fraction, _ := strings.Cut(s, ".")
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + "," + whole[i:]
	}
	if fraction != "" {
		whole += "." + fraction
	}
	if x < 0 && strings.ContainsAny(whole, "123456789") {
		return minus + whole
	}
	return whole
}

func integer[T int | int64](n T) string { return fixed(float64(n), 0) }

// showTime shows seconds in the unit that suits them.
func showTime(seconds float64) string {
	switch size := math.Abs(seconds); {
	case size == 0:
		return "0"
	case size < 0.9995e-6:
		return digits(seconds*1e9) + " ns"
	case size < 0.9995e-3:
		return digits(seconds*1e6) + " µs"
	case size < 0.9995:
		return digits(seconds*1e3) + " ms"
	}
	return digits(seconds) + " s"
}

// showPeriod shows a duration that somebody has chosen, exactly.
func showPeriod(d time.Duration) string {
	switch {
	case d >= time.Second && d%time.Second == 0:
		return fmt.Sprintf("%d s", d/time.Second)
	case d >= time.Millisecond && d%time.Millisecond == 0:
		return fmt.Sprintf("%d ms", d/time.Millisecond)
	}
	return d.String()
}

// showBytes shows bytes in the unit that suits them; 1 kB is 1000 B.
func showBytes(n float64) string {
	for _, u := range []struct {
		name string
		size float64
	}{{"GB", 1e9}, {"MB", 1e6}, {"kB", 1e3}} {
		if math.Abs(n) >= 0.9995*u.size {
			return digits(n/u.size) + " " + u.name
		}
	}
	return digits(n) + " B"
}

// showShare shows a part of a whole so that only the whole reads as 1.
func showShare(x float64) string {
	if x == 1 {
		return "1"
	}
	decimals := 3
	for decimals < 9 && math.Round(x*math.Pow10(decimals)) == math.Pow10(decimals) {
		decimals++
	}
	return fixed(x, decimals)
}

// showPercent shows a share as a percentage.
func showPercent(share float64) string {
	return strconv.FormatFloat(100*share, 'g', 3, 64) + " %"
}

// showRatio shows a ratio and its interval: "1.15 (1.10–1.20)".
func showRatio(e estimate.Mean) string {
	show := ratioFormat(e)
	switch e.N {
	case 0:
		return none
	case 1:
		return show(e.Mean)
	}
	return fmt.Sprintf("%s (%s–%s)", show(e.Mean), show(e.Low), show(e.High))
}

// ratioFormat returns how to show the figures of a ratio: near 1 with as many
// decimals as it takes to see on which side of it the interval lies.
func ratioFormat(e estimate.Mean) func(float64) string {
	decimals := 2
	for e.Excludes(1) && decimals < 4 && (fixed(e.Low, decimals) == fixed(1, decimals) || fixed(e.High, decimals) == fixed(1, decimals)) {
		decimals++
	}
	return func(x float64) string {
		if x < 0.01 || x >= 10 {
			return digits(x)
		}
		return fixed(x, decimals)
	}
}

// showCell names what a run measures.
func showCell(c record.Cell) string {
	s := "`" + c.Variant + "` with " + plural(c.Conns, "client")
	if c.Stalled > 0 {
		s += ", " + showPercent(c.Stalled) + " stalled"
	}
	return s
}

// list joins the parts of an enumeration: "a, b and c".
func list(parts []string) string {
	if len(parts) < 2 {
		return strings.Join(parts, "")
	}
	last := len(parts) - 1
	return strings.Join(parts[:last], ", ") + " and " + parts[last]
}

// plural shows a count of things whose name takes an s.
func plural(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return integer(n) + " " + thing + "s"
}
