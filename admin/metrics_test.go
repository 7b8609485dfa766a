package admin_test

import (
	"bufio"
	"context"
	"net"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus/testutil"
	"github.com/prometheus/client_golang/prometheus/testutil/promlint"

	"clock"
	"clock/accept"
	"clock/admin"
	"clock/engine"
)

// patience is how long a test waits for what must happen.
const patience = 30 * time.Second

// complete returns options with their defaults, but for the limit, which
// depends on the machine.
func complete(t *testing.T, ticker clock.TickerKind) clock.Options {
	t.Helper()
	o, err := clock.Options{MaxConns: 100}.Complete(ticker, 0)
	if err != nil {
		t.Fatal(err)
	}
	return o
}

// scrape returns what Prometheus would get, by line.
func scrape(t *testing.T, m *admin.Metrics) []string {
	t.Helper()
	w := httptest.NewRecorder()
	m.Handler().ServeHTTP(w, httptest.NewRequest("GET", "/metrics", nil))
	if w.Code != 200 {
		t.Fatalf("/metrics: %d\n%s", w.Code, w.Body)
	}
	return strings.Split(w.Body.String(), "\n")
}

// value returns the value of a time series, and whether there is one.
func value(t *testing.T, m *admin.Metrics, series string) (float64, bool) {
	t.Helper()
	for _, line := range scrape(t, m) {
		if v, ok := strings.CutPrefix(line, series+" "); ok {
			f, err := strconv.ParseFloat(v, 64)
			if err != nil {
				t.Fatal(err)
			}
			return f, true
		}
	}
	return 0, false
}

func TestMetricsShowTheCounters(t *testing.T) {
	o := complete(t, clock.PerConn)
	web := httptest.NewServer(admin.NewMetrics("goroutine", o).Handler())
	defer web.Close()

	const format = `
# HELP clock_accept_errors_total Accepts that failed, each tried again.
# TYPE clock_accept_errors_total counter
clock_accept_errors_total 5
# HELP clock_connections Connections open now.
# TYPE clock_connections gauge
clock_connections 6
# HELP clock_connections_accepted_total Connections let in.
# TYPE clock_connections_accepted_total counter
clock_connections_accepted_total 10
# HELP clock_connections_limit Most connections that are open at once.
# TYPE clock_connections_limit gauge
clock_connections_limit 100
# HELP clock_connections_rejected_total Connections that were not let in, by reason.
# TYPE clock_connections_rejected_total counter
clock_connections_rejected_total{reason="ip_limit"} 0
clock_connections_rejected_total{reason="limit"} 7
# HELP clock_disconnects_total Connections that were let in and have ended, by reason.
# TYPE clock_disconnects_total counter
clock_disconnects_total{reason="client"} 3
clock_disconnects_total{reason="error"} 0
clock_disconnects_total{reason="shutdown"} 0
clock_disconnects_total{reason="slow"} 1
# HELP clock_info Which server this is; always 1.
# TYPE clock_info gauge
clock_info{engine="goroutine",ticker="per-conn"} 1
# HELP clock_lines_dropped_total Lines that a client was too slow to take.
# TYPE clock_lines_dropped_total counter
clock_lines_dropped_total 8
# HELP clock_lines_sent_total Lines handed to the kernel whole.
# TYPE clock_lines_sent_total counter
clock_lines_sent_total 9e+06
`
	o.Stats.AcceptErrors.Store(5)
	o.Stats.Accepted.Store(10)
	o.Stats.Ended[clock.ReasonClient].Store(3)
	o.Stats.Ended[clock.ReasonSlow].Store(1)
	o.Stats.Ended[clock.ReasonLimit].Store(7)
	o.Stats.Dropped.Store(8)
	o.Stats.Sent.Store(9e6)
	var names []string
	for line := range strings.Lines(format) {
		if f := strings.Fields(line); len(f) > 1 && f[1] == "TYPE" {
			names = append(names, f[2])
		}
	}
	if err := testutil.ScrapeAndCompare(web.URL, strings.NewReader(format), names...); err != nil {
		t.Error(err)
	}
}

func TestMetricsFollowTheConventions(t *testing.T) {
	text := strings.Join(scrape(t, admin.NewMetrics("gnet", complete(t, clock.Shared))), "\n")
	problems, err := promlint.New(strings.NewReader(text)).Lint()
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range problems {
		t.Errorf("%s: %s", p.Metric, p.Text)
	}
	for _, name := range []string{"clock_tick_lag_seconds_bucket", "clock_tick_span_seconds_bucket", "go_goroutines", "go_build_info"} {
		if !strings.Contains(text, "\n"+name) {
			t.Errorf("no %s in\n%s", name, text)
		}
	}
}

func TestSpanIsOfTheSharedTickerOnly(t *testing.T) {
	m := admin.NewMetrics("goroutine", complete(t, clock.PerConn))
	m.Sent(time.Now(), time.Now())
	if _, ok := value(t, m, "clock_tick_span_seconds_count"); ok {
		t.Error("a ticker per connection has a span")
	}
	if n, _ := value(t, m, "clock_tick_lag_seconds_count"); n != 1 {
		t.Errorf("lag of %v lines, want 1", n)
	}
}

func TestLinesAreObserved(t *testing.T) {
	tick := time.Date(2026, time.November, 25, 12, 0, 0, 0, time.UTC)
	at := func(seconds float64) time.Time { return tick.Add(time.Duration(seconds * float64(time.Second))) }
	type line struct{ due, sent float64 } // seconds
	tests := []struct {
		name      string
		lines     []line
		lag       float64 // the sum
		ticks     float64 // those whose span is known
		span      float64 // the sum
		underTen  float64 // lines of a lag of at most 10 ms
		underHalf float64 // and of at most 500 ms
	}{
		{"none", nil, 0, 0, 0, 0, 0},
		{"a tick is not over before the next", []line{{0, .25}, {0, .5}}, .75, 0, 0, 0, 2},
		{"from the first to the last line", []line{{0, .25}, {0, .75}, {1, 1}}, 1, 1, .5, 1, 2},
		{"a single line", []line{{0, .5}, {1, 1.25}}, .75, 1, 0, 0, 2},
		{"out of order", []line{{0, .25}, {0, .75}, {0, .5}, {1, 1}}, 1.5, 1, .5, 1, 3},
		{"a new client's line is of no tick", []line{{0, .25}, {.375, .5}, {.75, .75}, {1, 1}}, .375, 1, 0, 2, 4},
		{"a slow client's is not part of the span", []line{{0, .25}, {1, 1.25}, {0, 1.5}, {2, 2}}, 2, 2, 0, 1, 3},
		{"a line is told of after the next tick's", []line{{0, .25}, {1, 1.25}, {0, .75}, {1, 1.5}, {2, 2}}, 1.75, 2, .25, 1, 4},
		{"a tick without clients", []line{{0, 0}, {5, 5}, {6, 6}}, 0, 2, 0, 3, 3},
		{"the wall clock is set back an hour", []line{{0, .25}, {-3600, -3600}, {-3600, -3599.5}, {-3599, -3599}}, .75, 2, .5, 2, 4},
		{"and within a tick", []line{{0, .25}, {0, -.25}, {1, 1}}, .25, 1, 0, 2, 3},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			m := admin.NewMetrics("gnet", complete(t, clock.Shared))
			for _, l := range tt.lines {
				m.Sent(at(l.due), at(l.sent))
			}
			for series, want := range map[string]float64{
				"clock_tick_lag_seconds_count":              float64(len(tt.lines)),
				"clock_tick_lag_seconds_sum":                tt.lag,
				`clock_tick_lag_seconds_bucket{le="0.01"}`:  tt.underTen,
				`clock_tick_lag_seconds_bucket{le="0.5"}`:   tt.underHalf,
				`clock_tick_lag_seconds_bucket{le="+Inf"}`:  float64(len(tt.lines)),
				"clock_tick_span_seconds_count":             tt.ticks,
				"clock_tick_span_seconds_sum":               tt.span,
				`clock_tick_span_seconds_bucket{le="+Inf"}`: tt.ticks,
			} {
				if got, ok := value(t, m, series); !ok || got != want {
					t.Errorf("%s is %v, want %v", series, got, want)
				}
			}
		})
	}
}

func TestSpanOfManyGoroutines(t *testing.T) {
	const goroutines, ticks = 8, 100
	m := admin.NewMetrics("goroutine", complete(t, clock.Shared))
	for k := range ticks {
		due := time.Unix(int64(k), 0)
		var senders sync.WaitGroup
		for g := range goroutines {
			senders.Go(func() { m.Sent(due, due.Add(time.Duration(g)*time.Millisecond)) })
		}
		senders.Wait()
	}
	if n, _ := value(t, m, "clock_tick_span_seconds_count"); n != ticks-1 {
		t.Errorf("span of %v ticks, want %d", n, ticks-1)
	}
	if n, _ := value(t, m, `clock_tick_span_seconds_bucket{le="0.01"}`); n != ticks-1 {
		t.Errorf("span of at most 10 ms of %v ticks, want %d", n, ticks-1)
	}
	if n, _ := value(t, m, "clock_tick_lag_seconds_count"); n != goroutines*ticks {
		t.Errorf("lag of %v lines, want %d", n, goroutines*ticks)
	}
}

func TestLinesCostNoMemory(t *testing.T) {
	m := admin.NewMetrics("gnet", complete(t, clock.Shared))
	due := time.Unix(0, 0)
	if n := testing.AllocsPerRun(100, func() { m.Sent(due, due.Add(time.Millisecond)) }); n != 0 {
		t.Errorf("a line allocates %v times, want none", n)
	}
}

// TestMetricsOfAServer has clients come to a server of each kind, one too many
// among them, and checks that the metrics agree with what they saw.
func TestMetricsOfAServer(t *testing.T) {
	const clients, lines = 3, 4
	for _, name := range engine.Names() {
		for _, ticker := range []clock.TickerKind{clock.PerConn, clock.Shared} {
			if name == "sequential" {
				continue // the second client waits for the first to leave
			}
			t.Run(name+"/"+string(ticker), func(t *testing.T) {
				s, err := engine.New(name, clock.Options{Ticker: ticker, Interval: 20 * time.Millisecond, MaxConns: clients})
				if err != nil {
					t.Fatal(err)
				}
				m := admin.NewMetrics(name, s.Options)
				s.Observer = m
				ln, err := accept.Listen(t.Context(), "tcp", "localhost:0")
				if err != nil {
					t.Fatal(err)
				}
				ctx, stop := context.WithCancel(t.Context())
				defer stop()
				served := make(chan error, 1)
				go func() { served <- s.Serve(ctx, ln) }()

				var inside []client
				for range clients {
					c := dial(t, ln.Addr().String())
					c.lines(t, 1)
					inside = append(inside, c)
				}
				if _, err := dial(t, ln.Addr().String()).ReadByte(); err == nil {
					t.Error("one client too many is served")
				}
				for _, c := range inside {
					c.lines(t, lines)
				}
				if n, _ := value(t, m, "clock_connections"); n != clients {
					t.Errorf("%v connections, want %d", n, clients)
				}
				_ = inside[0].Close()
				stop()
				if err := <-served; err != nil {
					t.Error(err)
				}

				sent, _ := value(t, m, "clock_lines_sent_total")
				if sent < clients*(lines+1) {
					t.Errorf("%v lines, want %d or more", sent, clients*(lines+1))
				}
				if ended, _ := value(t, m, `clock_disconnects_total{reason="shutdown"}`); ended < clients-1 {
					t.Errorf("%v clients were there at the end, want %d or %d", ended, clients-1, clients)
				}
				for series, want := range map[string]float64{
					"clock_connections":                                0,
					"clock_connections_accepted_total":                 clients,
					`clock_connections_rejected_total{reason="limit"}`: 1,
					"clock_tick_lag_seconds_count":                     sent,
					"clock_lines_dropped_total":                        0,
				} {
					if got, _ := value(t, m, series); got != want {
						t.Errorf("%s is %v, want %v", series, got, want)
					}
				}
				span, there := value(t, m, "clock_tick_span_seconds_count")
				if shared := ticker == clock.Shared; there != shared || shared && span == 0 {
					t.Errorf("span of %v ticks", span)
				}
			})
		}
	}
}

// A client is one that reads lines.
type client struct {
	net.Conn
	*bufio.Reader
}

func dial(t *testing.T, addr string) client {
	t.Helper()
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	if err := conn.SetDeadline(time.Now().Add(patience)); err != nil {
		t.Fatal(err)
	}
	return client{conn, bufio.NewReader(conn)}
}

// lines reads n lines.
func (c client) lines(t *testing.T, n int) {
	t.Helper()
	for range n {
		if _, err := c.ReadString('\n'); err != nil {
			t.Fatal(err)
		}
	}
}
