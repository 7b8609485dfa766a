package main

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"clock"
	"clock/bench"
	"clock/bench/load"
	"clock/bench/record"
)

// soaked is the result of a soak.
func soaked() *bench.SoakResult {
	from := time.Date(2026, time.November, 25, 12, 0, 0, 5e8, time.Local)
	return &bench.SoakResult{
		Plan: bench.SoakPlan{
			Server:   record.Variant{Name: "gnet/shared", Engine: "gnet", Ticker: clock.Shared},
			Interval: time.Second, Conns: 5000, Bad: 1000, Stalled: 0.1, Churn: 100, Every: 30 * time.Second,
		},
		Load: &load.Result{Fleet: "epoll", Conns: 5000, Ticker: clock.Shared, Interval: time.Second, From: from, To: from.Add(10 * time.Minute),
			Lines: 2_999_999, Missing: 1, Lag: load.NewHistogram(), Jitter: load.NewHistogram()},
		Storms: bench.Storms{Count: 20, Storm: load.Connect{First: load.NewHistogram()}, Churn: load.Connect{Clients: 6000, First: load.NewHistogram()}},
		Drifts: []bench.Drift{
			{Figure: "user memory", Unit: "B", Mean: 10 << 20, Batches: 20, Slope: 3 << 20, Low: -1 << 20, High: 7 << 20, Negligible: 64 << 20, Hidden: 1 << 30},
			{Figure: "kernel memory", Unit: "B", Mean: 200 << 20, Batches: 20, Slope: 1, Low: -2 << 30, High: 2 << 30, Negligible: 64 << 20, Hidden: 1 << 30},
			{Figure: "open files", Mean: 6000, Batches: 20, Slope: 900, Low: 800, High: 1000, Negligible: 100, Hidden: 1e4},
			{Figure: "goroutines", Mean: 17, Batches: 20, Slope: -900, Low: -1000, High: -800, Negligible: 100, Hidden: 1e4},
		},
	}
}

func TestSoakSummary(t *testing.T) {
	got := string(soakSummary(soaked()))
	for _, want := range []string{
		"gnet/shared: 5000 clients that behave, a line every 1s, counted for 10m0s from 12:00:00; and 1000 that do not:\n",
		"a storm every 30s, 10% of them stall, 100 a second reconnect\n",
		"lines 2999999 of 3000000, reach 0.999999\n",
		"reconnected 6000\n",
		"user memory 10.0 MiB +3.0 MiB -1.0 MiB to +7.0 MiB 64.0 MiB steady\n",
		"kernel memory 200.0 MiB +0.0 MiB -2048.0 MiB to +2048.0 MiB 64.0 MiB unclear\n",
		"open files 6000 +900 +800 to +1000 100 grows\n",
		"goroutines 17 -900 -1000 to -800 100 shrinks\n",
	} {
		if !strings.Contains(squeeze(got), want) {
			t.Errorf("the summary lacks %q:\n%s", want, got)
		}
	}
	short := soaked()
	short.Drifts[0].Batches = 1
	if got := squeeze(string(soakSummary(short))); !strings.Contains(got, "user memory 10.0 MiB 64.0 MiB not known\n") {
		t.Errorf("the summary of a short soak knows its drift:\n%s", got)
	}
}

func TestSoakProgressInALine(t *testing.T) {
	now := time.Now()
	p := bench.SoakProgress{Load: load.Progress{Phase: load.WarmingUp, Connected: 5000}, Storms: 2}
	if got, want := describeSoak(p, 5001, now), "warming up: 5000 clients, 5001 lines/s; 2 storms"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	p.Load = load.Progress{Phase: load.Counting, Connected: 5000, P99: 12345678, Reach: 1, To: now.Add(time.Minute)}
	p.Sample = bench.Sample{User: 10 << 20, Files: 5012, Goroutines: 17}
	if got, want := describeSoak(p, 5001, now), "counting: 5000 clients, 5001 lines/s, p99 12.3ms, reach 1, 1m0s left; 2 storms; 10.0 MiB, 5012 files, 17 goroutines"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// squeeze makes one space of each run of them.
func squeeze(s string) string {
	var b strings.Builder
	for line := range strings.Lines(s) {
		b.WriteString(strings.Join(strings.Fields(line), " ") + "\n")
	}
	return b.String()
}

func TestSoakVerdict(t *testing.T) {
	interrupted, cancel := context.WithCancel(t.Context())
	cancel()
	tests := []struct {
		name                 string
		ctx                  context.Context
		err                  error
		failed, inconclusive []string
		code                 int
		says                 string
	}{
		{"good", t.Context(), nil, nil, nil, 0, ""},
		{"failed", t.Context(), nil, []string{"a leak", "another"}, []string{"noise"}, exitMissed,
			"soak: failed: a leak\nsoak: failed: another\n"},
		{"inconclusive", t.Context(), nil, nil, []string{"noise"}, exitInconclusive, "soak: inconclusive: noise\n"},
		{"interrupted", interrupted, context.Canceled, nil, []string{"noise"}, exitFailed,
			"soak: interrupted: the figures are of the 10m0s until then\n"},
		{"cut short by the server", t.Context(), errors.New("it has ended"), []string{"a leak"}, nil, exitFailed,
			"soak: it has ended\nsoak: failed: a leak\n"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := soaked()
			r.Failed, r.Inconclusive = tt.failed, tt.inconclusive
			var stderr bytes.Buffer
			code := finish("soak", soakVerdict(tt.ctx, r, tt.err), &stderr)
			if code != tt.code || stderr.String() != tt.says {
				t.Errorf("exit code %d and %q, want %d and %q", code, stderr.String(), tt.code, tt.says)
			}
		})
	}
}
