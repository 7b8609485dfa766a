package main

import (
	"bytes"
	"errors"
	"strings"
	"testing"
	"time"

	"clock"
	"clock/bench"
	"clock/bench/load"
	"clock/bench/record"
)

// screen returns what a terminal shows in the end, line by line.
func screen(written string) []string {
	var lines []string
	for line := range strings.SplitSeq(strings.TrimSuffix(written, "\n"), "\n") {
		parts := strings.Split(line, eraseLine)
		lines = append(lines, parts[len(parts)-1])
	}
	return lines
}

// A terminalOf is as wide as it says; another job has it if background is set.
type terminalOf struct {
	width      int
	background bool
}

func (t *terminalOf) Size() (columns, rows int) { return t.width, 24 }

func (t *terminalOf) InForeground() bool { return !t.background }

func onTerminal(out *bytes.Buffer, width int) *progress {
	return &progress{out: out, name: "clockbench load", terminal: &terminalOf{width: width}}
}

func TestLiveLineIsWrittenOver(t *testing.T) {
	var out bytes.Buffer
	p := onTerminal(&out, 10)
	check := func(want ...string) {
		t.Helper()
		if got := screen(out.String()); strings.Join(got, "\n") != strings.Join(want, "\n") {
			t.Errorf("the terminal shows %q, want %q", got, want)
		}
	}
	p.draw("one")
	p.draw("two")
	check("two")
	p.draw("0123456789") // would wrap
	check("01234567…")
	p.draw("µµµµµµµµµµ")
	check("µµµµµµµµ…")
	p.draw("東京東京東京")
	check("東京東京…")
	p.note("news")
	check("clockbench load: news")
	p.draw("three")
	check("clockbench load: news", "three")
	p.clear()
	check("clockbench load: news", "")
}

// In the background there is no live line: it would be written over what the
// user types.
func TestNoLiveLineInTheBackground(t *testing.T) {
	var out bytes.Buffer
	p := onTerminal(&out, 80)
	p.draw("one")
	p.terminal.(*terminalOf).background = true
	p.draw("two")
	p.note("news")
	if got, want := out.String(), eraseLine+"oneclockbench load: news\n"; got != want {
		t.Errorf("written %q, want %q", got, want)
	}
}

func TestNoLiveLineWithoutTerminal(t *testing.T) {
	var out bytes.Buffer
	p := newProgress("clockbench load", &out)
	p.draw("one")
	p.note("news")
	p.clear()
	if got := out.String(); got != "clockbench load: news\n" {
		t.Errorf("written %q", got)
	}
}

// What a terminal would obey is quoted, wherever it comes from.
func TestNoControlSequencesFromOutside(t *testing.T) {
	var out bytes.Buffer
	p := onTerminal(&out, 80)
	p.draw("gnet\x1b[2J")
	p.note("server \x1b[2J")
	finish("clockbench load", errors.New("open \x1b[2J: no such file\nand more"), &out)
	want := eraseLine + `"gnet\x1b[2J"` + eraseLine + `clockbench load: "server \x1b[2J"
clockbench load: "open \x1b[2J: no such file"
clockbench load: and more
`
	if out.String() != want {
		t.Errorf("written %q, want %q", &out, want)
	}
}

// phases is how a load goes: what its Watch is told.
func phases() []load.Progress {
	from := time.Now()
	to := from.Add(10 * time.Second)
	return []load.Progress{
		{Phase: load.Connecting},
		{Phase: load.Connecting, Connected: 60},
		{Phase: load.WarmingUp, Connected: 100, From: from, To: to},
		{Phase: load.Counting, Connected: 100, From: from, To: to},
		{Phase: load.Counting, Connected: 100, Lines: 1000, From: from, To: to, P99: 41_234 * time.Microsecond, Reach: 0.9999},
		{Phase: load.Storming},
		{Phase: load.Done},
	}
}

func TestLoadIsToldByPhasesWithoutTerminal(t *testing.T) {
	var out bytes.Buffer
	view := &loadView{progress: newProgress("clockbench load", &out), config: load.Config{Conns: 100, Addr: "localhost:8000"}}
	for _, p := range phases() {
		view.show(p)
	}
	want := `clockbench load: connecting 100 clients to localhost:8000
clockbench load: 100 clients have their first line; warming up
clockbench load: counting for 10s
clockbench load: all clients leave, and come back at once
`
	if out.String() != want {
		t.Errorf("told\n%s\nwant\n%s", &out, want)
	}
}

func TestLoadIsToldInALiveLineOnATerminal(t *testing.T) {
	var out bytes.Buffer
	view := &loadView{progress: onTerminal(&out, 200)}
	for _, p := range phases()[:5] {
		view.show(p)
	}
	lines := screen(out.String())
	for _, want := range []string{"counting: 100 clients, ", " lines/s, p99 41.2ms, reach 0.9999, 10s left"} {
		if len(lines) != 1 || !strings.Contains(lines[0], want) {
			t.Errorf("the terminal shows %q, want a line with %q", lines, want)
		}
	}
}

func TestPaceIsThatOfTheLastSecond(t *testing.T) {
	start := time.Now()
	var k pace
	for _, tt := range []struct {
		after time.Duration
		lines int64
		want  float64
	}{
		{0, 0, 0},
		{time.Second, 100, 100},
		{1100 * time.Millisecond, 110, 100}, // a change of phase
		{3 * time.Second, 500, 200},
		{4 * time.Second, 0, 0}, // the next run
		{5 * time.Second, 70, 70},
	} {
		if got := k.of(load.Progress{Lines: tt.lines}, start.Add(tt.after)); got != tt.want {
			t.Errorf("after %v: %v lines a second, want %v", tt.after, got, tt.want)
		}
	}
}

// comparison returns a set with a good run and an inconclusive one.
func comparison() *record.Set {
	cell := record.Cell{Variant: "gnet/shared", Conns: 100}
	bad := resultOf(100)
	bad.Inconclusive = []string{"too busy", "too slow"}
	good := resultOf(100)
	good.AllLines, bad.AllLines = 100, 100
	return &record.Set{
		Header: record.Header{Plan: record.Plan{
			Variants: []record.Variant{{Name: "gnet/shared", Engine: "gnet", Ticker: clock.Shared}},
			Cells:    []record.Cell{cell}, Rounds: 3,
		}},
		Runs: []record.Run{
			{Round: 0, Cell: cell, Load: good, ServerCPU: 812 * time.Microsecond},
			{Round: 1, Cell: cell, Load: bad, ServerCPU: time.Millisecond},
		},
	}
}

func TestComparisonIsToldByRunsWithoutTerminal(t *testing.T) {
	var out bytes.Buffer
	set := comparison()
	runs := set.Runs
	set.Runs = nil
	view := &compareView{progress: newProgress("clockbench compare", &out), set: set}
	told := bench.Progress{Total: 3, Left: 90 * time.Second, Cell: set.Plan.Cells[0]}
	for _, p := range phases() {
		told.Load = p
		view.show(told)
	}
	told.Note = "too busy; measured again"
	view.show(told)
	set.Runs = runs
	told.Note = ""
	view.show(told)
	view.show(told)
	want := `clockbench compare: gnet/shared with 100 clients: too busy; measured again
clockbench compare: 1/3, 2m left; gnet/shared with 100 clients: lag p99 99ms, 8.12 µs a line
clockbench compare: 2/3, 2m left; gnet/shared with 100 clients: lag p99 99ms, 10.00 µs a line; inconclusive: too busy
`
	if out.String() != want {
		t.Errorf("told\n%s\nwant\n%s", &out, want)
	}
}

func TestComparisonIsToldInALiveLineOnATerminal(t *testing.T) {
	var out bytes.Buffer
	set := comparison()
	view := &compareView{progress: onTerminal(&out, 200), set: set}
	view.show(bench.Progress{Done: 2, Total: 3, Left: 62 * time.Minute, Cell: set.Plan.Cells[0], Load: phases()[4]})
	lines := screen(out.String())
	if want := "2/3, 1h2m left; gnet/shared with 100 clients, counting: 100 clients, "; len(lines) != 1 || !strings.HasPrefix(lines[0], want) {
		t.Errorf("the terminal shows %q, want a line that begins %q", lines, want)
	}
}

func TestInconclusiveRunsAreNamed(t *testing.T) {
	set := comparison()
	err := inconclusive(set)
	var stderr strings.Builder
	code := finish("clockbench compare", err, &stderr)
	want := "clockbench compare: inconclusive: gnet/shared with 100 clients in 1 of 2 rounds: too busy\n"
	if code != exitInconclusive || stderr.String() != want {
		t.Errorf("exit code %d, %q; want %d, %q", code, stderr.String(), exitInconclusive, want)
	}
	set.Runs = set.Runs[:1]
	if err := inconclusive(set); err != nil {
		t.Errorf("a conclusive comparison: %v", err)
	}
}

func TestTimeLeft(t *testing.T) {
	for d, want := range map[time.Duration]string{
		0:                        "0s",
		59400 * time.Millisecond: "59s",
		59600 * time.Millisecond: "1m",
		89 * time.Second:         "1m",
		62 * time.Minute:         "1h2m",
	} {
		if got := clockTime(d); got != want {
			t.Errorf("%v is %s, want %s", d, got, want)
		}
	}
}
