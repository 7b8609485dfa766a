package main

import (
	"strings"
	"testing"
	"time"

	"clock"
	"clock/bench/load"
)

func TestSummary(t *testing.T) {
	c := load.Config{Network: "tcp", Addr: "localhost:8000", Ticker: clock.Shared}
	r := resultOf(1000)
	r.Connect.Pace = 1000
	r.Missing, r.Skipped, r.Repeated, r.Torn, r.Stale = 1, 2, 3, 4, 5
	r.Drift = -1234.5
	r.Span = load.Span{Median: 80 * time.Millisecond, Max: 1234 * time.Millisecond}
	r.CPUShare, r.Behind = 0.314, 3500*time.Microsecond
	want := `
1000 clients of tcp localhost:8000, a line every 1s, ticker shared; counted for 1s from 14:03:12

connected   1000 in 1s, at the fleet's own pace of 1000 a second
first line  p50 200µs  p99 200µs  p99.9 200µs  max 200µs
lines       1000 of 1001, reach 0.999
lag         p50 500ms  p99 990ms  p99.9 999ms  max 1s
jitter      p50 1ms    p99 1ms    p99.9 1ms    max 1ms
span        median 80ms  max 1.23s
wrong       2 skipped, 3 repeated, 4 torn, 5 stale
fairness    1.50
fleet       epoll, 31% of its processors, at most 3.5ms behind
`
	if got := "\n" + string(summary(c, r)); got != want {
		t.Errorf("the summary is%s\nwant%s", got, want)
	}

	again := load.Connect{Clients: 10, Took: 100 * time.Millisecond, First: r.Connect.First, Hindrance: "throttled", Causes: map[string]int{"connection refused": 7}}
	c.Ticker = ""
	r.Ticker, r.Lag, r.Stalled, r.Churning, r.Churn, r.Storm = clock.PerConn, nil, 100, 50, &again, &again
	r.Connect.Pace, r.Missing = 2000, 0
	r.Failed, r.Lost, r.Causes = 1, 2, map[string]int{"connection refused": 3}
	got := string(summary(c, r))
	for _, want := range []string{
		"ticker per-conn, as its lines show; counted",
		"connected    1000 in 1s, 1000 a second, of 2000 a second that called\n",
		"drift        -1.23 µs per tick\n",
		"             skipped: the tick lies between two lines that are over an interval apart; none is missing for that\n",
		"churning     50 of the clients leave and reconnect; the figures are those of the others\n",
		"not served   1 never had a line, 2 were lost: connection refused (3)\n",
		"stalled      100 of the clients never read; the figures are those of the others\n",
		"reconnected  10 in 100ms, 100 a second\n",
		"storm        10 in 100ms, 100 a second\n             others did not: connection refused (7)\n             not the server's figures alone: the fleet was throttled\n",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("the summary does not say %q:\n%s", want, got)
		}
	}
	if strings.Contains(got, "lag") {
		t.Errorf("a load with a ticker per connection has no lag:\n%s", got)
	}
}

func TestBriefKeepsThreeDigits(t *testing.T) {
	for d, want := range map[time.Duration]string{
		0:                       "0s",
		999:                     "999ns",
		1234:                    "1.23µs",
		41_234_567:              "41.2ms",
		999_999_999:             "1s",
		-1_234_567:              "-1.23ms",
		12*time.Second + 345678: "12s",
	} {
		if got := load.Brief(d).String(); got != want {
			t.Errorf("%d ns is %s, want %s", d, got, want)
		}
	}
}
