package load

import (
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"clock"
)

// begin is a tick; the window of these tests opens half a second later, for
// five seconds.
var begin = time.Date(2026, time.November, 23, 12, 0, 0, 0, time.UTC)

// An arrival is a line, and when it came: seconds after begin.
type arrival struct {
	at   float64
	text string
}

// on returns the lines of the seconds given, each late by lag.
func on(lag float64, seconds ...int) (list []arrival) {
	for _, s := range seconds {
		list = append(list, arrival{float64(s) + lag, begin.Add(time.Duration(s) * time.Second).Format("15:04:05\n")})
	}
	return list
}

func TestTallyCounts(t *testing.T) {
	type counts struct{ lines, missing, skipped, repeated, torn, stale int64 }
	tests := []struct {
		name     string
		ticker   clock.TickerKind
		arrivals []arrival // the first is the line on accept
		want     counts
	}{
		{"each tick", clock.Shared, on(0.1, -1, 0, 1, 2, 3, 4, 5), counts{lines: 5}},
		{"each tick, in many pieces", clock.Shared, pieces(on(0.1, -1, 0, 1, 2, 3, 4, 5)), counts{lines: 5}},
		{"ticks outside the window are not counted", clock.Shared, on(0.1, -1, 0, 1, 2, 3, 4, 5, 6, 7), counts{lines: 5}},
		{"each tick, with a carriage return", clock.Shared, withReturns(on(0.1, -1, 0, 1, 2, 3, 4, 5)), counts{lines: 5}},
		{"a tick lost", clock.Shared, on(0.1, -1, 0, 1, 2, 4, 5), counts{lines: 4, missing: 1, skipped: 1}},
		{"the first tick of the window lost", clock.Shared, on(0.1, -1, 0, 2, 3, 4, 5), counts{lines: 4, missing: 1, skipped: 1}},
		{"all lost from some time on", clock.Shared, on(0.1, -1, 0, 1, 2), counts{lines: 2, missing: 3}},
		{"nothing in the window", clock.Shared, on(0.1, -1, 0), counts{missing: 5}},
		{"no line ever", clock.Shared, nil, counts{missing: 5}},
		{"a tick that comes after the window is missing", clock.Shared, append(on(0.1, -1, 0, 1, 2, 3, 4), on(0.6, 5)...), counts{lines: 4, missing: 1}},
		{"a line twice", clock.Shared, on(0.1, -1, 0, 1, 2, 2, 3, 4, 5), counts{lines: 5, repeated: 1}},
		{"a line from the past", clock.Shared, on(0.1, -1, 0, 1, 2, 3, 1, 4, 5), counts{lines: 5, repeated: 1}},
		{"a server that stopped, and catches up", clock.Shared, append(on(0.1, -1, 0, 1), arrival{4.2, "12:00:02\n12:00:03\n12:00:04\n"}, on(0.1, 5)[0]),
			counts{lines: 5, stale: 1}},
		{"a server that stopped, and goes on", clock.Shared, append(on(0.1, -1, 0, 1), on(0.3, 4, 5)...), counts{lines: 3, missing: 2, skipped: 2}},
		{"ticks of before the window, that come after all", clock.Shared, append(append(on(0.1, -3), arrival{1.05, "11:59:58\n11:59:59\n12:00:00\n12:00:01\n"}), on(0.1, 2, 3, 4, 5)...), counts{lines: 5, stale: 2}},
		{"garbage", clock.Shared, append(on(0.1, -1, 0, 1, 2, 3, 4), arrival{4.5, "12:00\n"}, on(0.1, 5)[0]), counts{lines: 5, torn: 1}},
		{"a line without an end", clock.Shared, append(on(0.1, -1, 0, 1, 2, 3, 4, 5), arrival{5.2, string(make([]byte, clock.MaxLine+1))}), counts{lines: 5, torn: 1}},
		{"a line without an end, in many pieces", clock.Shared, append(on(0.1, -1, 0, 1, 2, 3, 4, 5), pieces([]arrival{{5.2, string(make([]byte, 3*clock.MaxLine))}})...), counts{lines: 5, torn: 1}},
		{"a line too long, in many pieces", clock.Shared, append(append(on(0.1, -1, 0, 1, 2, 3, 4), pieces([]arrival{{4.2, string(make([]byte, 3*clock.MaxLine)) + "\n"}})...), on(0.1, 5)...), counts{lines: 5, torn: 1}},

		{"a line an interval", clock.PerConn, on(0.7, -1, 0, 1, 2, 3, 4, 5), counts{lines: 5}},
		{"a line an interval, at the edge of the window", clock.PerConn, on(0.49999, -1, 0, 1, 2, 3, 4, 5), counts{lines: 5}},
		{"a line an interval, late at the window's end", clock.PerConn, append(on(0.49, -1, 0, 1, 2, 3, 4), on(0.51, 5)...), counts{lines: 4}},
		{"drift", clock.PerConn, drifting(0.7, 1.06), counts{lines: 5, skipped: 1}},
		{"a line lost", clock.PerConn, on(0.7, -1, 0, 1, 3, 4, 5), counts{lines: 4, missing: 1, skipped: 1}},
		{"all lost from some time on, per connection", clock.PerConn, on(0.7, -1, 0, 1, 2), counts{lines: 3, missing: 2}},
		{"nothing in the window, per connection", clock.PerConn, on(0.7, -2, -1), counts{missing: 5}},
		{"nothing in the window, and one could yet come", clock.PerConn, on(0.1, -1, 0), counts{missing: 4}},
		{"lines that come after all, one upon the other", clock.PerConn, append(on(0.7, -1, 0, 1), arrival{4.9, "12:00:02\n12:00:03\n12:00:04\n"}), counts{lines: 5, stale: 1}},
		{"a line that comes after all, shortly before the next", clock.PerConn, append(append(on(0.7, -1, 0, 1), on(1.4, 2)...), on(0.7, 3, 4)...), counts{lines: 5}},
		{"lines that come after all, of before the window too", clock.PerConn, append(append(on(0.7, -3), arrival{1, "11:59:58\n11:59:59\n12:00:00\n"}), on(0.7, 1, 2, 3, 4)...), counts{lines: 5, stale: 2}},
		{"a server that stopped, and goes on, per connection", clock.PerConn, append(on(0.7, -1, 0, 1), on(0.2, 5)...), counts{lines: 3, missing: 2, skipped: 3}},
		{"no line ever, per connection", clock.PerConn, nil, counts{missing: 5}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			tally, clients := tallied(t, tt.ticker, tt.arrivals)
			got := counts{tally.lines, tally.missing, tally.skipped, tally.repeated, tally.torn, tally.stale}
			if got != tt.want {
				t.Errorf("counts are %+v, want %+v", got, tt.want)
			}
			if n := int64(clients[0].lines); n < tt.want.lines {
				t.Errorf("the client has %d lines", n)
			}
		})
	}
}

// TestLinesThatAreOnlyLateAreNotMissing: whatever a network holds back for a
// while, all that was due has come, and nothing else was.
func TestLinesThatAreOnlyLateAreNotMissing(t *testing.T) {
	for seed := range uint64(200) {
		random := rand.New(rand.NewPCG(seed, 0))
		for _, ticker := range []clock.TickerKind{clock.Shared, clock.PerConn} {
			phase := 0.1
			if ticker == clock.PerConn {
				phase = 0.6 + 0.8*random.Float64() // so that none falls on an edge of the window
			}
			var lines []arrival
			down := -4 + 7*random.Float64()
			up := min(down+5*random.Float64(), 5.4)
			for _, a := range on(phase, -4, -3, -2, -1, 0, 1, 2, 3, 4, 5, 6) {
				if down < a.at && a.at < up {
					a.at = up
				}
				lines = append(lines, a)
			}
			tally, _ := tallied(t, ticker, lines)
			if tally.lines != 5 || tally.missing != 0 {
				t.Fatalf("%s, nothing comes from %.2f to %.2f: %d lines, %d missing, want 5, 0", ticker, down, up, tally.lines, tally.missing)
			}
		}
	}
}

// TestNoMoreIsDueThanCanBe: no silence makes more lines due than a window has
// ticks.
func TestNoMoreIsDueThanCanBe(t *testing.T) {
	for seed := range uint64(200) {
		random := rand.New(rand.NewPCG(seed, 1))
		for _, ticker := range []clock.TickerKind{clock.Shared, clock.PerConn} {
			var lines []arrival
			for at := -2 + 2*random.Float64(); at < 6; at += 3 * random.Float64() {
				lines = append(lines, arrival{at, begin.Add(time.Duration(at * 1e9)).Format("15:04:05\n")})
			}
			tally, _ := tallied(t, ticker, lines)
			if due := tally.lines + tally.missing; due > 5 || tally.missing < 0 || tally.lines < 0 {
				t.Fatalf("%s, lines at %v: %d of them, %d missing, but 5 can be due", ticker, lines, tally.lines, tally.missing)
			}
		}
	}
}

func TestWindowThatIsCutShort(t *testing.T) {
	c, err := Config{Addr: "localhost:8000", Conns: 1, Duration: 5 * time.Second, Ticker: clock.Shared, Face: clock.Face{Zone: time.UTC}}.complete()
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		seconds []int   // whose lines came
		cut     float64 // seconds after begin
		missing int64
	}{
		{[]int{0, 1, 2}, 3.05, 0}, // the third line may yet come
		{[]int{0, 1, 2}, 3.4, 0},
		{[]int{0, 1, 2}, 3.6, 1},
		{[]int{0, 1, 2, 3}, 3.6, 0},
		{[]int{0}, 3.6, 3},
		{[]int{0}, 0.5, 0},
	} {
		tally, clients := newTally(c), make([]client, 1)
		tally.open(window{begin.UnixNano() + 5e8, begin.UnixNano() + 55e8})
		tally.call(&clients[0], begin.UnixNano()-2e9)
		for _, a := range on(0.01, append([]int{-1}, tt.seconds...)...) {
			tally.data(&clients[0], []byte(a.text), begin.UnixNano()+int64(a.at*1e9))
		}
		tally.close(clients, begin.UnixNano()+int64(tt.cut*1e9))
		if tally.missing != tt.missing || tally.lines != int64(len(tt.seconds)-1) {
			t.Errorf("lines of %v, cut at %v: %d lines, %d missing, want %d missing", tt.seconds, tt.cut, tally.lines, tally.missing, tt.missing)
		}
	}
}

// tallied gives one client's lines to a tally.
func tallied(t *testing.T, ticker clock.TickerKind, arrivals []arrival) (*tally, []client) {
	t.Helper()
	c, err := Config{Addr: "localhost:8000", Conns: 1, Duration: 5 * time.Second, Ticker: ticker, Face: clock.Face{Zone: time.UTC}}.complete()
	if err != nil {
		t.Fatal(err)
	}
	tally, clients := newTally(c), make([]client, 1)
	tally.open(window{begin.UnixNano() + 5e8, begin.UnixNano() + 55e8})
	tally.call(&clients[0], begin.UnixNano()-1e9)
	for _, a := range arrivals {
		tally.data(&clients[0], []byte(a.text), begin.UnixNano()+int64(a.at*1e9))
	}
	tally.close(clients, tally.window.to)
	return tally, clients
}

// withReturns ends each line as some servers do.
func withReturns(lines []arrival) (list []arrival) {
	for _, line := range lines {
		list = append(list, arrival{line.at, strings.ReplaceAll(line.text, "\n", "\r\n")})
	}
	return list
}

// pieces cuts each line into its bytes.
func pieces(lines []arrival) (list []arrival) {
	for _, line := range lines {
		for _, b := range []byte(line.text) {
			list = append(list, arrival{line.at, string(b)})
		}
	}
	return list
}

// drifting returns lines as the book's loop writes them: the first at the time
// given, and each after the last by gap.
func drifting(first, gap float64) (list []arrival) {
	for at := first - 1; at < 7; at += gap {
		text := begin.Add(time.Duration(at * 1e9)).Format("15:04:05\n")
		list = append(list, arrival{at, text})
	}
	return list
}

func TestTallyMeasures(t *testing.T) {
	lines := append(on(0.1, -1, 0, 1, 2, 3), on(0.3, 4, 5)...)
	tally, _ := tallied(t, clock.Shared, lines)
	if got := tally.lag.Percentile(50).Round(time.Millisecond); got != 100*time.Millisecond {
		t.Errorf("median lag %v, want 100ms", got)
	}
	if got := tally.lag.Max().Round(time.Millisecond); got != 300*time.Millisecond {
		t.Errorf("longest lag %v, want 300ms", got)
	}
	if got := tally.jitter.Max().Round(time.Millisecond); got != 200*time.Millisecond {
		t.Errorf("largest jitter %v, want 200ms", got)
	}
	if drift := time.Duration(tally.excess / tally.gaps); drift != 40*time.Millisecond {
		t.Errorf("drift %v, want 40ms", drift)
	}
	if tally.connect.clients != 1 || tally.connect.first.Max().Round(time.Millisecond) != 100*time.Millisecond {
		t.Errorf("%d clients, first line after %v", tally.connect.clients, tally.connect.first.Max())
	}
}

func TestTallyMeasuresTheSpanOfATick(t *testing.T) {
	c, err := Config{Addr: "localhost:8000", Conns: 3, Duration: 5 * time.Second, Ticker: clock.Shared, Face: clock.Face{Zone: time.UTC}}.complete()
	if err != nil {
		t.Fatal(err)
	}
	all := newTally(c)
	all.open(window{begin.UnixNano() + 5e8, begin.UnixNano() + 55e8})
	for worker, lags := range [][]float64{{0.1, 0.15}, {0.3}} {
		w, clients := newTally(c), make([]client, len(lags))
		w.open(all.window)
		for i, lag := range lags {
			w.call(&clients[i], begin.UnixNano()-1e9)
			for _, a := range on(lag, 0, 1, 2, 3, 4, 5) {
				w.data(&clients[i], []byte(a.text), begin.UnixNano()+int64(a.at*1e9))
			}
		}
		w.close(clients, w.window.to)
		if worker == 0 && w.slots.span().Max.Round(time.Millisecond) != 50*time.Millisecond {
			t.Errorf("span of the first worker is %v, want 50ms", w.slots.span())
		}
		all.merge(w)
	}
	if span := all.slots.span(); span.Median.Round(time.Millisecond) != 200*time.Millisecond || span.Max.Round(time.Millisecond) != 200*time.Millisecond {
		t.Errorf("span %v, want 200ms", span)
	}
	if got := fairness(all.means); got < 1.99 || got > 2.01 { // 0.3 s over 0.15 s
		t.Errorf("fairness %v, want 2", got)
	}
	if all.lines != 15 || all.missing != 0 || all.lag.Count() != 15 {
		t.Errorf("%d lines, %d missing, %d lags, want 15, 0, 15", all.lines, all.missing, all.lag.Count())
	}
}

func TestRolesAreSpreadOverTheFleet(t *testing.T) {
	for _, tt := range []struct{ n, stall, churn int }{{10000, 100, 200}, {7, 3, 3}, {100, 0, 10}, {100, 1, 0}, {10, 0, 0}, {19900, 9000, 9000}} {
		var got, half [3]int
		for i := range tt.n {
			got[roleOf(i, tt.n, tt.stall, tt.churn)]++
			if i < tt.n/2 {
				half[roleOf(i, tt.n, tt.stall, tt.churn)]++
			}
		}
		if want := [3]int{tt.n - tt.stall - tt.churn, tt.stall, tt.churn}; got != want {
			t.Errorf("%+v: roles %v, want %v", tt, got, want)
		}
		if bad, all := half[stalled]+half[churning], tt.stall+tt.churn; bad < all/2-1 || bad > all/2+1 {
			t.Errorf("%+v: %d of %d that misbehave are in the first half", tt, bad, all)
		}
	}
}

func TestALineAllocatesNothing(t *testing.T) {
	c, err := Config{Addr: "localhost:8000", Conns: 1, Duration: 5 * time.Second, Ticker: clock.Shared, Face: clock.Face{Zone: time.UTC}}.complete()
	if err != nil {
		t.Fatal(err)
	}
	tally, clients := newTally(c), make([]client, 1)
	tally.open(window{begin.UnixNano() - 5e8, begin.Add(24*time.Hour).UnixNano() - 5e8})
	tally.call(&clients[0], begin.UnixNano()-1e9)
	lines := make([][]byte, 1000)
	for i := range lines {
		lines[i] = c.Face.Append(nil, begin.Add(time.Duration(i)*time.Second))
	}
	// What a new line costs is shared by all the clients that it is sent to;
	// here it is the same line, at one client after the other.
	at := 0
	allocs := testing.AllocsPerRun(len(lines)-2, func() {
		tally.data(&clients[0], lines[at/100], begin.UnixNano()+int64(at/100)*1e9+int64(at%100))
		at++
	})
	if allocs != 0 {
		t.Errorf("%v allocations a line, want none", allocs)
	}
	if tally.torn+tally.stale > 0 || tally.total < 900 {
		t.Errorf("%d lines taken, %d torn, %d stale", tally.total, tally.torn, tally.stale)
	}
}

// BenchmarkTally is what a line costs beside the system calls.
func BenchmarkTally(b *testing.B) {
	c, err := Config{Addr: "localhost:8000", Conns: 1000, Duration: 5 * time.Second, Ticker: clock.Shared, Face: clock.Face{Zone: time.UTC}}.complete()
	if err != nil {
		b.Fatal(err)
	}
	tally, clients := newTally(c), make([]client, c.Conns)
	tally.open(window{begin.UnixNano() - 5e8, begin.Add(time.Hour*24).UnixNano() - 5e8})
	b.ReportAllocs()
	tick := begin
	line := make([]byte, 0, clock.MaxLine)
	for i := 0; b.Loop(); i++ {
		if i%len(clients) == 0 {
			tick = tick.Add(time.Second)
			line = c.Face.Append(line[:0], tick)
		}
		tally.data(&clients[i%len(clients)], line, tick.UnixNano()+int64(i%len(clients))*4000)
	}
}
