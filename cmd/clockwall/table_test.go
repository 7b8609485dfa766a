package main

import (
	"context"
	"io"
	"maps"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// What stands on the terminal at some moments in the life of four clocks.
func TestTable(t *testing.T) {
	clocks := map[string][]session{
		"NewYork": {then(ticks(60, second, -5*hour), hangs)},
		"Tokyo":   {then(ticks(3, second, 9*hour+12*second), waits(20*second), ticks(9, second, 9*hour), hangs)},
		"Paris":   {nil, nil, then(waits(second/2), ticks(1, 0, hour), waits(second/4)), nil},
		"Rome":    {then(waits(second), sends("noon\n"), waits(second)), sends(strings.Repeat("x", 1000))},
	}
	tests := []struct {
		after time.Duration
		want  string
	}{
		{100 * time.Millisecond, `
			NAME     ADDRESS  LINE      OFF       STATE
			NewYork  NewYork  19:00:00  +0.000s   running
			Tokyo    Tokyo    09:00:12  +12.000s  running
			Paris    Paris    -         -         UNREACHABLE: connection refused
			Rome     Rome     -         -         connecting
			`},
		{4700 * time.Millisecond, `
			NAME     ADDRESS  LINE      OFF       STATE
			NewYork  NewYork  19:00:04  +0.000s   running
			Tokyo    Tokyo    09:00:14  +12.000s  running
			Paris    Paris    01:00:04  -0.500s   running
			Rome     Rome     noon      ?         NOT A CLOCK: more than 256 bytes without …
			`},
		{5100 * time.Millisecond, `
			NAME     ADDRESS  LINE      OFF       STATE
			NewYork  NewYork  19:00:05  +0.000s   running
			Tokyo    Tokyo    09:00:14  +12.000s  STOPPED 3s ago
			Paris    Paris    01:00:04  -0.500s   ENDED: connection closed
			Rome     Rome     noon      ?         NOT A CLOCK: more than 256 bytes without …
			`},
		{14100 * time.Millisecond, `
			NAME     ADDRESS  LINE      OFF       STATE
			NewYork  NewYork  19:00:14  +0.000s   running
			Tokyo    Tokyo    09:00:14  +12.000s  STOPPED 12s ago
			Paris    Paris    01:00:04  -0.500s   UNREACHABLE: connection refused
			Rome     Rome     noon      ?         NOT A CLOCK: more than 256 bytes without …
			`},
		{22100 * time.Millisecond, `
			NAME     ADDRESS  LINE      OFF      STATE
			NewYork  NewYork  19:00:22  +0.000s  running
			Tokyo    Tokyo    09:00:22  +0.000s  running
			Paris    Paris    01:00:04  -0.500s  UNREACHABLE: connection refused
			Rome     Rome     noon      ?        NOT A CLOCK: more than 256 bytes without a…
			`},
	}
	for _, test := range tests {
		t.Run(test.after.String(), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				net := &network{sessions: maps.Clone(clocks)}
				defer net.running.Wait()
				ctx, cancel := context.WithTimeout(t.Context(), test.after+frameInterval/2)
				defer cancel()
				screen := newScreen(80, 24)
				view := &table{out: screen}
				if err := newTestWall("NewYork", "Tokyo", "Paris", "Rome").show(ctx, net.dial, view); err != nil {
					t.Error(err)
				}
				screen.expect(t, test.want)

				io.WriteString(screen, "^C") // as the terminal echoes it
				if err := view.close(); err != nil {
					t.Error(err)
				}
				screen.expect(t, test.want)
			})
		})
	}
}

func TestTableFits(t *testing.T) {
	clocks := []*clock{
		{name: "NewYork", address: "clock.example.com:8010", state: running, line: "Sat, 01 Jan 2000 00:00:00 EST", off: "+0.000s"},
		{name: "Tokyo", address: "localhost:8020", state: unreachable, reason: "connection refused"},
		{name: "Greenwich", address: "[2001:db8::1]:8030", state: ended, reason: "connection closed", line: "00:00:00", off: "+0.000s"},
	}
	tests := []struct {
		columns, rows int
		want          string
	}{
		{120, 24, `
			NAME       ADDRESS                 LINE                           OFF      STATE
			NewYork    clock.example.com:8010  Sat, 01 Jan 2000 00:00:00 EST  +0.000s  running
			Tokyo      localhost:8020          -                              -        UNREACHABLE: connection refused
			Greenwich  [2001:db8::1]:8030      00:00:00                       +0.000s  ENDED: connection closed
			`},
		{80, 24, `
			NAME       ADDRESS           LINE                      OFF      STATE
			NewYork    clock.example.c…  Sat, 01 Jan 2000 00:00:…  +0.000s  running
			Tokyo      localhost:8020    -                         -        UNREACHABLE: co…
			Greenwich  [2001:db8::1]:8…  00:00:00                  +0.000s  ENDED: connecti…
			`},
		{60, 24, `
			NAME       ADDRESS           LINE          OFF      STATE
			NewYork    clock.example.c…  Sat, 01 Jan…  +0.000s  running
			Tokyo      localhost:8020    -             -        UNREACH…
			Greenwich  [2001:db8::1]:8…  00:00:00      +0.000s  ENDED: …
			`},
		{20, 24, `
			NAME       ADDRESS …
			NewYork    clock.ex…
			Tokyo      localhos…
			Greenwich  [2001:db…
			`},
		{120, 4, `
			NAME       ADDRESS                 LINE                           OFF      STATE
			NewYork    clock.example.com:8010  Sat, 01 Jan 2000 00:00:00 EST  +0.000s  running
			... and 2 more
			`},
		{120, 1, `
			NAME       ADDRESS                 LINE                           OFF      STATE
			... and 3 more
			`},
	}
	for _, test := range tests {
		screen := newScreen(test.columns, test.rows)
		view := &table{out: screen}
		if err := view.draw(clocks, time.Time{}); err != nil {
			t.Fatal(err)
		}
		screen.expect(t, test.want)
	}
}

// Wide letters, and accents that combine with the letter before them, are cut and
// padded by what they take on a terminal.
func TestTableOfWideLetters(t *testing.T) {
	clocks := []*clock{
		{name: "東京", address: "localhost:8020", state: running, line: "15時04分05秒", off: "+0.000s"},
		{name: "Zu\u0308rich", address: "localhost:8030", state: running, line: "15:04:05", off: "+0.000s"},
		{name: "한국표준시간대서울", address: "localhost:8040", state: unreachable, reason: "connection refused"},
	}
	tests := []struct {
		columns int
		want    string
	}{
		{80, `
			NAME                ADDRESS         LINE          OFF      STATE
			東京                localhost:8020  15時04分05秒  +0.000s  running
			Zürich              localhost:8030  15:04:05      +0.000s  running
			한국표준시간대서울  localhost:8040  -             -        UNREACHABLE: connect…
			`},
		{60, `
			NAME         ADDRESS         LINE          OFF      STATE
			東京         localhost:8020  15時04分05秒  +0.000s  running
			Zürich       localhost:8030  15:04:05      +0.000s  running
			한국표준시…  localhost:8040  -             -        UNREACH…
			`},
	}
	for _, test := range tests {
		screen := newScreen(test.columns, 24)
		if err := (&table{out: screen}).draw(clocks, time.Time{}); err != nil {
			t.Fatal(err)
		}
		screen.expect(t, test.want)
	}
}

// A table that gets shorter or narrower leaves nothing behind, wherever the
// terminal has put it.
func TestTableFollowsTheTerminal(t *testing.T) {
	screen := newScreen(80, 24)
	view := &table{out: screen}
	clocks := newTestWall("A", "B", "C").clocks
	for _, size := range []struct{ columns, rows int }{{80, 24}, {80, 4}, {80, 24}, {80, 3}, {20, 24}, {9, 24}} {
		screen.columns, screen.rows = size.columns, size.rows
		if len(screen.lines) > 1 {
			// A terminal breaks the lines that have become too long.
			screen.lines, screen.y = append(screen.lines, []string{"x"}, nil), screen.y+2
		}
		if err := view.draw(clocks, time.Time{}); err != nil {
			t.Fatal(err)
		}
		if got, want := len(screen.lines), min(size.rows, 5); got != want {
			t.Errorf("in %d rows there are %d lines, want %d:\n%s", size.rows, got, want, screen.text())
		}
	}
	screen.expect(t, `
		NAME  AD…
		A     A …
		B     B …
		C     C …
		`)
}

// What the shell writes while it has the terminal stays, and the table is drawn
// below it.
func TestTableIsDrawnAfreshBelowTheShell(t *testing.T) {
	const drawn = `
		NAME  ADDRESS  LINE  OFF  STATE
		A     A        -     -    connecting
		`
	screen := newScreen(80, 24)
	view := &table{out: screen}
	clocks := newTestWall("A").clocks
	draw := func() {
		t.Helper()
		if err := view.draw(clocks, time.Time{}); err != nil {
			t.Fatal(err)
		}
	}
	draw()
	io.WriteString(screen, "$ fg\n")
	screen.resumed = true
	draw()
	draw() // nothing has changed
	screen.expect(t, drawn+"$ fg\n"+unindent(drawn))

	io.WriteString(screen, "$ bg\n$ ")
	screen.resumed, screen.background = true, true
	draw()
	if err := view.close(); err != nil {
		t.Fatal(err)
	}
	screen.background = false
	io.WriteString(screen, "fg\n")
	draw()
	screen.expect(t, drawn+"$ fg\n"+unindent(drawn)+"$ bg\n$ fg\n"+unindent(drawn))
}
