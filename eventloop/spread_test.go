package eventloop

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"clock"
)

func TestSpreadServesEachOnItsOwnGrid(t *testing.T) {
	d := newDay(t, clock.PerConn)
	d.at(150 * time.Millisecond)
	d.come("a")
	d.at(450 * time.Millisecond)
	d.come("b")
	d.serveAll()
	var got []string
	for ms := 500; ms < 3000; ms += 5 {
		d.at(time.Duration(ms) * time.Millisecond)
		if line := d.serveAll(); line != "" {
			got = append(got, line)
		}
	}
	want := []string{"a: 01.1", "b: 01.4", "a: 02.1", "b: 02.4"}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestSpreadAfterAStallServesOneLineToEachAndKeepsTheGrid(t *testing.T) {
	for _, stall := range []time.Duration{1 * time.Second, 3 * time.Second, 8 * time.Hour} {
		t.Run(stall.String(), func(t *testing.T) {
			d := newDay(t, clock.PerConn)
			for i, name := range []string{"a", "b", "c"} {
				d.at(time.Duration(150+300*i) * time.Millisecond) // 0.15, 0.45, 0.75 s
				d.come(name)
			}
			d.serveAll()
			d.at(1200 * time.Millisecond)
			expect(t, "before the stall", d.serveAll(), "a: 01.1")

			d.at(1600*time.Millisecond + stall)
			s := int(stall/time.Second)%60 + 1
			expect(t, "after the stall", d.serveAll(),
				fmt.Sprintf("c: %02d.7, a: %02d.1, b: %02d.4", s-1, s, s))
			d.at(2*time.Second + stall)
			expect(t, "then", d.serveAll(), fmt.Sprintf("c: %02d.7", s))
			d.at(3*time.Second + stall)
			expect(t, "later", d.serveAll(), fmt.Sprintf("a: %02d.1, b: %02d.4, c: %02d.7", s+1, s+1, s+1))
		})
	}
}

// TestSpreadOfAnOverloadedLoopIsFair gives a loop the time for one chunk every
// ten intervals, as a control group does that is short of processor time: the
// loop wakes up on the same place of the clients' grids each time, and must not
// pass over the same clients each time.
func TestSpreadOfAnOverloadedLoopIsFair(t *testing.T) {
	const clients = 4 * chunk
	d := newDay(t, clock.PerConn)
	for i := range clients {
		d.at(time.Second * time.Duration(i) / clients)
		d.come(fmt.Sprint(i))
	}
	d.shown = nil
	for wake := range 20 {
		d.at(time.Duration(10*(wake+1)) * time.Second)
		d.serve()
	}
	lines := make(map[string]int)
	for _, shown := range d.shown {
		name, _, _ := strings.Cut(shown, ":")
		lines[name]++
	}
	// In a round each client has a line, or is passed over and has one in the
	// next: 20 chunks are 5 rounds.
	for name := range clients {
		if n := lines[fmt.Sprint(name)]; n < 2 || n > 5 {
			t.Fatalf("client %d of %d has %d lines, want 2 to 5", name, clients, n)
		}
	}
}
