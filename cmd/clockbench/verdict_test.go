package main

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"clock"
	"clock/bench/load"
	"clock/bench/slo"
)

// resultOf returns the result of a good load with a shared ticker, where the
// lag of line n was n milliseconds.
func resultOf(lines int) *load.Result {
	from := time.Date(2024, 5, 6, 14, 3, 12, 0, time.UTC)
	r := &load.Result{
		Fleet: "epoll", Conns: lines, Ticker: clock.Shared, Interval: time.Second, From: from, To: from.Add(time.Second),
		Lines: int64(lines), Lag: load.NewHistogram(), Jitter: load.NewHistogram(), Fairness: 1.5,
		Connect: load.Connect{Clients: lines, Took: time.Second, First: load.NewHistogram()},
	}
	for i := range lines {
		r.Lag.Record(time.Duration(i+1) * time.Millisecond)
		r.Jitter.Record(time.Millisecond)
		r.Connect.First.Record(200 * time.Microsecond)
	}
	return r
}

func TestVerdict(t *testing.T) {
	interrupted, interrupt := context.WithCancel(t.Context())
	interrupt()
	tests := []struct {
		name   string
		slo    string
		change func(*load.Result)
		ctx    context.Context
		err    error
		want   string // "" for good
		code   int
	}{
		{name: "no SLO"},
		{name: "no SLO, and lines are missing", change: func(r *load.Result) { r.Missing = 5 }},
		{name: "met", slo: "p50=60ms,max=100.1ms"},
		{name: "missed by less than is shown", slo: "p99=98.99ms", want: "SLO missed: p99 of the lag is 99ms, and may be 98.99ms", code: 99},
		{
			name: "missed by less than three digits show", slo: "max=100ms", change: func(r *load.Result) { r.Lag.Record(100*time.Millisecond + 100*time.Microsecond) },
			want: "SLO missed: max of the lag is 100.139ms, and may be 100ms", code: 99,
		},
		{name: "one missed", slo: "p50=60ms,p99=50ms", want: "SLO missed: p99 of the lag is 99ms, and may be 50ms", code: 99},
		{name: "two missed", slo: "p50=1ms,max=1ms", want: "SLO missed: p50 of the lag is 50ms, and may be 1ms\nSLO missed: max of the lag is 100ms, and may be 1ms", code: 99},
		{
			name: "jitter with a ticker per connection", slo: "max=10us",
			change: func(r *load.Result) { r.Ticker = clock.PerConn },
			want:   "SLO missed: max of the jitter is 1ms, and may be 10µs", code: 99,
		},
		{
			name: "a line in a million missing", slo: "max=1s",
			change: func(r *load.Result) { r.Lines, r.Missing = 9_999_999, 1 },
			want:   "SLO missed: reach is 0.999999, 1 of 10000000 lines did not come", code: 99,
		},
		{
			name: "clients not served", slo: "max=1s",
			change: func(r *load.Result) { r.Failed, r.Lost, r.Causes = 1, 2, map[string]int{"connection refused": 3} },
			want:   "SLO missed: 3 clients were not served: connection refused (3)", code: 99,
		},
		{
			name: "no lines", slo: "max=1s",
			change: func(r *load.Result) { r.Lag = nil },
			want:   "SLO missed: no line to judge", code: 99,
		},
		{
			name: "inconclusive wins over missed", slo: "max=1ms",
			change: func(r *load.Result) { r.Inconclusive = []string{"too busy", "too slow"} },
			want:   "inconclusive: too busy\ninconclusive: too slow", code: 3,
		},
		{
			name: "interrupted wins over inconclusive", ctx: interrupted, err: context.Canceled,
			change: func(r *load.Result) { r.Inconclusive = []string{"too busy"} },
			want:   "interrupted: the figures are of the 1s until then", code: 1,
		},
		{name: "the server has ended", slo: "max=1s", err: errors.New("it has ended"), want: "it has ended", code: 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var s slo.SLO
			if tt.slo != "" {
				var err error
				if s, err = parseSLO(tt.slo); err != nil {
					t.Fatal(err)
				}
			}
			r := resultOf(100)
			if tt.change != nil {
				tt.change(r)
			}
			ctx := tt.ctx
			if ctx == nil {
				ctx = t.Context()
			}
			var got string
			err := verdict(ctx, r, s, tt.err)
			if err != nil {
				got = err.Error()
			}
			var stderr strings.Builder
			if code := finish("clockbench load", err, &stderr); got != tt.want || code != tt.code {
				t.Errorf("verdict %q, exit code %d; want %q, %d", got, code, tt.want, tt.code)
			}
			if lines := strings.Count(stderr.String(), "clockbench load: "); tt.want != "" && lines != strings.Count(tt.want, "\n")+1 {
				t.Errorf("the verdict is told as %q", stderr.String())
			}
		})
	}
}
