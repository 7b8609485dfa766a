package main

import (
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"clock/bench/slo"
)

// parsed is a case of any of the parsers: what it makes of a text, or what its
// error says.
type parsed[T any] struct {
	text string
	want T
	says string
}

func testParser[T comparable](t *testing.T, parse func(string) (T, error), tests []parsed[T]) {
	t.Helper()
	for _, tt := range tests {
		got, err := parse(tt.text)
		switch {
		case tt.says == "" && (err != nil || got != tt.want):
			t.Errorf("%q is %v, %v, want %v", tt.text, got, err, tt.want)
		case tt.says != "" && (err == nil || !strings.Contains(err.Error(), tt.says)):
			t.Errorf("%q is %v, %v, want an error that says %q", tt.text, got, err, tt.says)
		}
	}
}

func TestParseCount(t *testing.T) {
	testParser(t, parseCount, []parsed[int]{
		{"1", 1, ""},
		{"250", 250, ""},
		{"10k", 10_000, ""},
		{"10K", 10_000, ""},
		{"1.1k", 1100, ""},
		{"1.5M", 1_500_000, ""},
		{"0.25k", 250, ""},
		{"2147.483647M", math.MaxInt32, ""},
		{"2147.483648M", 0, "whole number"},
		{"0", 0, "whole number"},
		{"0.4", 0, "whole number"},
		{"1.0005k", 0, "whole number"},
		{"-5", 0, "whole number"},
		{"+5", 0, "whole number"},
		{"1e3", 0, "whole number"},
		{"0x10", 0, "whole number"},
		{"1_000", 0, "whole number"},
		{"10m", 0, "whole number"},
		{"10 k", 0, "whole number"},
		{"k", 0, "whole number"},
		{"NaN", 0, "whole number"},
		{"Inf", 0, "whole number"},
		{"", 0, "whole number"},
		{strings.Repeat("9", 400), 0, "whole number"},
	})
}

func TestParseShare(t *testing.T) {
	testParser(t, parseShare, []parsed[float64]{
		{"0", 0, ""},
		{"1%", 0.01, ""},
		{"0.5%", 0.005, ""},
		{"0.01", 0.01, ""},
		{"99.9%", 0.999, ""},
		{"1", 0, "below 100%"},
		{"5", 0, "below 100%"},
		{"100%", 0, "below 100%"},
		{"1k%", 0, "such as 1%"},
		{"-1%", 0, "such as 1%"},
		{"%", 0, "such as 1%"},
		{"", 0, "such as 1%"},
		{"NaN", 0, "such as 1%"},
	})
}

func TestParseRate(t *testing.T) {
	both := []parsed[float64]{
		{"100/s", 100, ""},
		{"100", 100, ""},
		{"5k", 5000, ""},
		{"5k/s", 5000, ""},
		{"0.5/s", 0.5, ""},
		{"100/m", 0, "such as 100/s"},
		{"-1", 0, "such as 100/s"},
		{"Inf", 0, "such as 100/s"},
		{"", 0, "such as 100/s"},
		{"/s", 0, "such as 100/s"},
	}
	testParser(t, parseRate, append(both, parsed[float64]{"0", 0, ""}, parsed[float64]{"all", 0, "such as 100/s"}))
	testParser(t, parseConnectRate, append(both, parsed[float64]{"0", 0, "such as 100/s"}, parsed[float64]{"all", math.Inf(1), ""}))
}

func TestParsePackets(t *testing.T) {
	testParser(t, parsePackets, []parsed[float64]{
		{"1M/s", 1e6, ""},
		{"500k", 5e5, ""},
		{"0", 0, "such as 1M/s"},
		{"-1/s", 0, "such as 1M/s"},
		{"fast", 0, "such as 1M/s"},
	})
}

func TestParseHeadroom(t *testing.T) {
	testParser(t, parseHeadroom, []parsed[float64]{
		{"65%", 0.65, ""},
		{"0.5", 0.5, ""},
		{"100%", 1, ""},
		{"1", 1, ""},
		{"0", 0, "above 0 and up to 100%"},
		{"101%", 0, "above 0 and up to 100%"},
		{"65", 0, "above 0 and up to 100%"},
		{"-5%", 0, "above 0 and up to 100%"},
	})
}

func TestParseBytes(t *testing.T) {
	testParser(t, parseBytes, []parsed[float64]{
		{"16GiB", 16 << 30, ""},
		{"1.5MiB", 1.5 * (1 << 20), ""},
		{"2KiB", 2048, ""},
		{"1TiB", 1 << 40, ""},
		{"16GB", 16e9, ""},
		{"512MB", 512e6, ""},
		{"3kB", 3000, ""},
		{"100B", 100, ""},
		{"16", 0, "with its unit"},
		{"16G", 0, "with its unit"},
		{"0GiB", 0, "above 0"},
		{"-1GiB", 0, "above 0"},
		{"1kGiB", 0, "with its unit"},
		{"GiB", 0, "with its unit"},
		{"", 0, "with its unit"},
	})
}

func TestParseDuration(t *testing.T) {
	testParser(t, parsePositive, []parsed[time.Duration]{
		{"10s", 10 * time.Second, ""},
		{"1.5ms", 1500 * time.Microsecond, ""},
		{"5", 0, "unit is missing: 5ms or 5s?"},
		{"ten", 0, "such as 500ms"},
		{"", 0, "such as 500ms"},
		{"0", 0, "greater than 0"},
		{"-1s", 0, "greater than 0"},
		{"8760h", 365 * 24 * time.Hour, ""},
		{"8760h1ns", 0, "too long: at most 8760h0m0s"},
		{"2562047h47m16.854775807s", 0, "too long"},
	})
	testParser(t, parseDuration, []parsed[time.Duration]{
		{"0", 0, ""},
		{"-1s", -time.Second, ""},
	})
}

func TestParseSLO(t *testing.T) {
	tests := []struct {
		text string
		want slo.SLO
		says string
	}{
		{"p99=50ms", slo.SLO{{Percentile: 99, Limit: 50 * time.Millisecond}}, ""},
		{"p50=1ms, p99.99=1.5s", slo.SLO{{Percentile: 50, Limit: time.Millisecond}, {Percentile: 99.99, Limit: 1500 * time.Millisecond}}, ""},
		{"max=1s", slo.SLO{{Percentile: 100, Limit: time.Second}}, ""},
		{"p99=5", nil, "p99: the unit is missing: 5ms or 5s?"},
		{"p99=0", nil, "greater than 0"},
		{"p99=-1ms", nil, "greater than 0"},
		{"p99", nil, "such as p99=50ms"},
		{"p99=", nil, "such as 500ms"},
		{"mean=5ms", nil, "percentiles are p50, p90, p99, p99.9, p99.99, max"},
		{"p42=5ms", nil, "percentiles are"},
		{"p99=50ms,", nil, "such as p99=50ms"},
		{"", nil, "such as p99=50ms"},
	}
	for _, tt := range tests {
		got, err := parseSLO(tt.text)
		switch {
		case tt.says == "" && (err != nil || !slices.Equal(got, tt.want)):
			t.Errorf("%q is %v, %v, want %v", tt.text, got, err, tt.want)
		case tt.says != "" && (err == nil || !strings.Contains(err.Error(), tt.says)):
			t.Errorf("%q is %v, %v, want an error that says %q", tt.text, got, err, tt.says)
		}
	}
}
