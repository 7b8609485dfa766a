package report

import (
	"math"
	"testing"
	"time"

	"clock/bench/estimate"
)

func TestNumbersHaveThreeDigits(t *testing.T) {
	tests := []struct {
		show func(float64) string
		x    float64
		want string
	}{
		{digits, 0, "0"},
		{digits, 0.0012345, "0.00123"},
		{digits, 0.9999, "1.00"},
		{digits, 7.915, "7.92"},
		{digits, 99.96, "100"},
		{digits, 12345, "12,300"},
		{digits, 1234567, "1,230,000"},
		{digits, -0.5, "−0.500"},
		{digits, math.NaN(), "–"},
		{digits, math.Inf(1), "–"},
		{showDrift, -0.001, "0.00"},
		{showDrift, -3.456, "−3.46"},
		{showDrift, 251.6, "252"},
		{showTime, 0, "0"},
		{showTime, 12e-9, "12.0 ns"},
		{showTime, 7.9e-6, "7.90 µs"},
		{showTime, 0.9999e-3, "1.00 ms"},
		{showTime, 0.0831, "83.1 ms"},
		{showTime, 2.5, "2.50 s"},
		{showBytes, 432, "432 B"},
		{showBytes, 999.9, "1.00 kB"},
		{showBytes, 5812, "5.81 kB"},
		{showBytes, 8.2e9, "8.20 GB"},
		{showBytes, -1500, "−1.50 kB"},
		{showShare, 1, "1"},
		{showShare, 0.5, "0.500"},
		{showShare, 0.99987, "0.9999"},
		{showShare, 0.9999999, "0.9999999"},
		{showPercent, 0.1, "10 %"},
		{showPercent, 0.012345, "1.23 %"},
	}
	for _, tt := range tests {
		if got := tt.show(tt.x); got != tt.want {
			t.Errorf("%v shows as %q, want %q", tt.x, got, tt.want)
		}
	}
}

func TestARatioShowsOnWhichSideOfOneItLies(t *testing.T) {
	tests := []struct {
		e    estimate.Mean
		want string
	}{
		{estimate.Mean{}, "–"},
		{estimate.Mean{N: 1, Value: estimate.Value{Mean: 1.234}}, "1.23"},
		{estimate.Mean{N: 5, Value: estimate.Value{Mean: 1.148, Low: 1.102, High: 1.196}}, "1.15 (1.10–1.20)"},
		{estimate.Mean{N: 5, Value: estimate.Value{Mean: 1.004, Low: 0.998, High: 1.01}}, "1.00 (1.00–1.01)"},
		{estimate.Mean{N: 5, Value: estimate.Value{Mean: 1.006, Low: 1.003, High: 1.01}}, "1.006 (1.003–1.010)"},
		{estimate.Mean{N: 5, Value: estimate.Value{Mean: 0.99, Low: 0.984, High: 0.9997}}, "0.9900 (0.9840–0.9997)"},
		{estimate.Mean{N: 5, Value: estimate.Value{Mean: 123.4, Low: 99.12, High: 155.7}}, "123 (99.1–156)"},
		{estimate.Mean{N: 2, Value: estimate.Value{Mean: 1.5, Low: 0.00057, High: 3990.4}}, "1.50 (0.000570–3,990)"},
	}
	for _, tt := range tests {
		if got := showRatio(tt.e); got != tt.want {
			t.Errorf("%+v shows as %q, want %q", tt.e, got, tt.want)
		}
	}
}

func TestPeriodsAreExact(t *testing.T) {
	for d, want := range map[time.Duration]string{time.Second: "1 s", 90 * time.Second: "90 s", 250 * time.Millisecond: "250 ms", 1500 * time.Microsecond: "1.5ms"} {
		if got := showPeriod(d); got != want {
			t.Errorf("%v shows as %q, want %q", d, got, want)
		}
	}
}
