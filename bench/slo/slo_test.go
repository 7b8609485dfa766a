package slo_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"clock/bench/slo"
)

func TestParse(t *testing.T) {
	tests := []struct {
		text    string
		want    slo.SLO
		because string // part of the error; "" for none
	}{
		{"p99=50ms", slo.SLO{{Percentile: 99, Limit: 50 * time.Millisecond}}, ""},
		{"p50=1ms, p99.99=1.5s", slo.SLO{{Percentile: 50, Limit: time.Millisecond}, {Percentile: 99.99, Limit: 1500 * time.Millisecond}}, ""},
		{"max=1s", slo.SLO{{Percentile: 100, Limit: time.Second}}, ""},
		{"", nil, "such as p99=50ms"},
		{"p99", nil, "such as p99=50ms"},
		{"mean=5ms", nil, "percentiles are p50, p90, p99, p99.9, p99.99, max"},
		{"p42=5ms", nil, "percentiles are"},
		{"p99=soon", nil, "p99: "},
	}
	for _, tt := range tests {
		got, err := slo.Parse(tt.text, time.ParseDuration)
		if !slices.Equal(got, tt.want) || (err == nil) != (tt.because == "") || err != nil && !strings.Contains(err.Error(), tt.because) {
			t.Errorf("Parse(%q) = %v, %v, want %v, %q", tt.text, got, err, tt.want, tt.because)
		}
	}
}

func TestStringIsWhatParseReads(t *testing.T) {
	for _, text := range []string{"p99=50ms", "p50=1ms,p99.9=20ms,max=1s"} {
		s, err := slo.Parse(text, time.ParseDuration)
		if err != nil || s.String() != text {
			t.Errorf("Parse(%q).String() = %q, %v", text, s, err)
		}
	}
}

func TestShow(t *testing.T) {
	s := slo.SLO{{Percentile: 99, Limit: 50 * time.Millisecond}, {Percentile: 100, Limit: time.Second}}
	if got, want := s.Show(), "p99 ≤ 50ms, max ≤ 1s"; got != want {
		t.Errorf("Show() = %q, want %q", got, want)
	}
}

func TestCheck(t *testing.T) {
	tests := []struct {
		slo  slo.SLO
		want string // "" for none
	}{
		{slo.SLO{{Percentile: 99, Limit: time.Second}}, ""},
		{nil, "no SLO"},
		{slo.SLO{{Percentile: 0, Limit: time.Second}}, "above 0"},
		{slo.SLO{{Percentile: 99, Limit: -time.Second}}, "p99 at most -1s"},
	}
	for _, tt := range tests {
		if err := tt.slo.Check(); (err == nil) != (tt.want == "") || err != nil && !strings.Contains(err.Error(), tt.want) {
			t.Errorf("Check(%v) = %v, want %q", tt.slo, err, tt.want)
		}
	}
}
