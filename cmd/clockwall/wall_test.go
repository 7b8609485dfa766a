package main

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

const (
	hour   = time.Hour
	second = time.Second
)

func TestPlain(t *testing.T) {
	tests := []struct {
		name  string
		clock []session
		lasts time.Duration
		want  string // each line after the time at which it is printed
	}{
		{
			name:  "a clock elsewhere",
			clock: []session{then(ticks(3, second, -5*hour), hangs)},
			lasts: 3 * second,
			want: `
				 0.00s X 19:00:00 +0.000s
				 1.00s X 19:00:01 +0.000s
				 2.00s X 19:00:02 +0.000s
				`,
		}, {
			name:  "a slow clock",
			clock: []session{then(ticks(1, 0, -250*time.Millisecond), hangs)},
			lasts: second,
			want: `
				 0.00s X 23:59:59 -1.000s
				`,
		}, {
			name:  "stopped, and running again",
			clock: []session{then(ticks(2, second, 0), waits(9*second), ticks(2, second, 0), hangs)},
			lasts: 20 * second,
			want: `
				 0.00s X 00:00:00 +0.000s
				 1.00s X 00:00:01 +0.000s
				 4.05s X stopped: no line for 3s
				10.00s X 00:00:10 +0.000s
				11.00s X 00:00:11 +0.000s
				14.05s X stopped: no line for 3s
				`,
		}, {
			name:  "a long interval, unknown at first",
			clock: []session{then(ticks(4, 10*second, 0), hangs)},
			lasts: 80 * second,
			want: `
				 0.00s X 00:00:00 +0.000s
				 3.05s X stopped: no line for 3s
				10.00s X 00:00:10 +0.000s
				20.00s X 00:00:20 +0.000s
				30.00s X 00:00:30 +0.000s
				60.05s X stopped: no line for 30s
				`,
		}, {
			name:  "a short interval does not make impatient",
			clock: []session{then(ticks(2, 0, 0), waits(3*second), ticks(1, 0, 0), hangs)},
			lasts: 4 * second,
			want: `
				 0.00s X 00:00:00 +0.000s
				 0.00s X 00:00:00 +0.000s
				 3.00s X 00:00:03 +0.000s
				`,
		}, {
			name:  "connected, and never a line",
			clock: []session{hangs},
			lasts: 10 * second,
			want: `
				 3.05s X stopped: no line for 3s
				`,
		}, {
			name:  "the server is started again",
			clock: []session{ticks(2, second, 0), nil, nil, then(ticks(2, second, 0), hangs)},
			lasts: 9 * second,
			want: `
				 0.00s X 00:00:00 +0.000s
				 1.00s X 00:00:01 +0.000s
				 1.00s X ended: connection closed
				 3.00s X unreachable: connection refused
				 7.00s X 00:00:07 +0.000s
				 8.00s X 00:00:08 +0.000s
				`,
		}, {
			name:  "the same failure is told once",
			clock: []session{waits(0), waits(0), waits(0), then(ticks(1, 0, 0), hangs)},
			lasts: 7 * second,
			want: `
				 0.00s X ended: connection closed
				 6.00s X 00:00:06 +0.000s
				`,
		}, {
			name:  "a torn line is none",
			clock: []session{sends("00:00:00\n00:0"), hangs},
			lasts: second,
			want: `
				 0.00s X 00:00:00 +0.000s
				 0.00s X ended: connection closed
				`,
		}, {
			name:  "the longest line",
			clock: []session{then(sends(strings.Repeat("x", 256)+"\n"), hangs)},
			lasts: second,
			want:  " 0.00s X " + strings.Repeat("x", 256) + " ?\n",
		}, {
			name:  "not a clock, and then one",
			clock: []session{sends(strings.Repeat("x", 1<<20)), then(ticks(1, 0, 0), hangs)},
			lasts: 3 * second,
			want: `
				 0.00s X not a clock: more than 256 bytes without a newline
				 2.00s X 00:00:02 +0.000s
				`,
		}, {
			name:  "other lines",
			clock: []session{then(sends("noon\n\n00:00:00\r\n\x1b[2J\n"), hangs)},
			lasts: second,
			want: `
				 0.00s X noon ?
				 0.00s X  ?
				 0.00s X 00:00:00 +0.000s
				 0.00s X "\x1b[2J" ?
				`,
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithTimeout(t.Context(), test.lasts)
				defer cancel()
				net := &network{sessions: map[string][]session{"X": test.clock}}
				defer net.running.Wait()
				printed := &stampedLog{start: time.Now()}
				err := newTestWall("X").show(ctx, net.dial, plain{printed})
				if err != nil {
					t.Error(err)
				}
				if got, want := printed.String(), unindent(test.want); got != want {
					t.Errorf("got:\n%s\nwant:\n%s", got, want)
				}
			})
		})
	}
}

func TestOnce(t *testing.T) {
	clocks := map[string][]session{
		"Good":   {then(ticks(9, second, 0), hangs)},
		"Late":   {then(waits(2*second), ticks(1, 0, 0), hangs)},
		"Odd":    {then(sends("noon\n"), hangs)},
		"Closed": {nil},
		"Ended":  {waits(second)},
		"Silent": {hangs},
		"Alien":  {sends(strings.Repeat("x", 1000))},
	}
	tests := []struct {
		clocks    []string
		interrupt time.Duration
		lasts     time.Duration
		want      string
		err       string
	}{
		{
			clocks:    []string{"Late", "Good", "Odd"},
			interrupt: hour,
			lasts:     2 * second,
			want: `
				 0.00s Good 00:00:00 +0.000s
				 0.00s Odd noon ?
				 2.00s Late 00:00:02 +0.000s
				`,
		}, {
			clocks:    []string{"Good", "Closed", "Alien", "Ended", "Silent"},
			interrupt: hour,
			lasts:     3050 * time.Millisecond,
			want: `
				 0.00s Good 00:00:00 +0.000s
				`,
			err: `
				Alien (Alien) not a clock: more than 256 bytes without a newline
				Closed (Closed) unreachable: connection refused
				Ended (Ended) ended: connection closed
				Silent (Silent) stopped: no line for 3s
				`,
		}, {
			clocks:    []string{"Late", "Closed"},
			interrupt: second,
			lasts:     second,
			err: `
				Closed (Closed) unreachable: connection refused
				Late (Late) has shown no line
				`,
		},
	}
	for _, test := range tests {
		t.Run(strings.Join(test.clocks, ","), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx, enough := context.WithTimeout(t.Context(), test.interrupt)
				defer enough()
				net := &network{sessions: maps.Clone(clocks)}
				defer net.running.Wait()
				wall := newTestWall(test.clocks...)
				printed := &stampedLog{start: time.Now()}
				view := newView(options{once: true, clocks: wall.clocks}, printed, enough)
				if err := wall.show(ctx, net.dial, view); err != nil {
					t.Error(err)
				}
				if took := time.Since(printed.start); took != test.lasts {
					t.Errorf("took %v, want %v", took, test.lasts)
				}
				if got, want := sortedLines(printed.String()), unindent(test.want); got != want {
					t.Errorf("got:\n%s\nwant:\n%s", got, want)
				}
				failures := ""
				if err := view.close(); err != nil {
					failures = sortedLines(err.Error() + "\n")
				}
				if want := unindent(test.err); failures != want {
					t.Errorf("got error:\n%s\nwant:\n%s", failures, want)
				}
			})
		})
	}
}

// newTestWall returns a wall of clocks whose addresses are their names.
func newTestWall(names ...string) *wall {
	w := &wall{network: "tcp", layout: "15:04:05"}
	for _, name := range names {
		w.clocks = append(w.clocks, newClock(name, name))
	}
	return w
}

// A stampedLog puts before each write how long after the start it came.
type stampedLog struct {
	strings.Builder
	start time.Time
}

func (l *stampedLog) Write(p []byte) (int, error) {
	fmt.Fprintf(&l.Builder, "%5.2fs %s", time.Since(l.start).Seconds(), p)
	return len(p), nil
}

// sortedLines sorts what happens at the same time and so in any order.
func sortedLines(text string) string {
	return strings.Join(slices.Sorted(strings.Lines(text)), "")
}
