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
				screen := newScreen(80)
				view := &table{out: screen, size: func() (int, int) { return 80, 24 }}
				if err := newTestWall("NewYork", "Tokyo", "Paris", "Rome").show(ctx, net.dial, view); err != nil {
					t.Error(err)
				}
				screen.expect(t, test.want)
				if screen.cursor {
					t.Error("the cursor blinks beside the table")
				}

				io.WriteString(screen, "^C") // as the terminal echoes it
				if err := view.close(); err != nil {
					t.Error(err)
				}
				screen.expect(t, test.want)
				if !screen.cursor || !screen.wraps {
					t.Error("the terminal is left without cursor or line wrap")
				}
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
		screen := newScreen(test.columns)
		view := &table{out: screen, size: func() (int, int) { return test.columns, test.rows }}
		if err := view.draw(clocks, time.Time{}); err != nil {
			t.Fatal(err)
		}
		screen.expect(t, test.want)
	}
}

// A table that gets shorter leaves nothing behind.
func TestTableShrinks(t *testing.T) {
	rows := 24
	screen := newScreen(80)
	view := &table{out: screen, size: func() (int, int) { return 80, rows }}
	clocks := newTestWall("A", "B", "C").clocks
	for _, rows = range []int{24, 4, 24, 3} {
		if err := view.draw(clocks, time.Time{}); err != nil {
			t.Fatal(err)
		}
		if got, want := len(screen.lines), min(rows, 5); got != want {
			t.Errorf("in %d rows there are %d lines, want %d: %q", rows, got, want, screen.lines)
		}
	}
}
