package eventloop

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"clock"
)

// A day is a loop whose clients write down what they are shown, and whose time
// the test moves.
type day struct {
	*loop
	step  time.Duration // of the wall clock
	shown []string      // "client: line"
	names map[*clientConn]string
}

func newDay(t *testing.T, ticker clock.TickerKind) *day {
	d := &day{names: make(map[*clientConn]string)}
	d.loop = nullLoop(t, clock.Options{
		Ticker: ticker,
		Face:   clock.Face{Layout: "05.0", Zone: time.UTC},
		Wall:   func(now time.Time) time.Time { return time.Unix(0, 0).Add(now.Sub(d.start) + d.step) },
	})
	d.send = func(c *clientConn, line []byte) (int, error) {
		d.shown = append(d.shown, d.names[c]+": "+strings.TrimSpace(string(line)))
		return len(line), nil
	}
	return d
}

// at moves the time to now after the loop's start. It goes on from there with
// the process's clock, which the test cannot stop; lines show tenths of seconds
// for that.
func (d *day) at(now time.Duration) { d.start = time.Now().Add(-now) }

// come brings a client.
func (d *day) come(name string) *clientConn {
	c := new(clientConn)
	d.names[c] = name
	c.opened(d.loop, nullSocket{})
	return c
}

// serveAll serves chunk after chunk until nobody is due, and returns the lines
// since the last time.
func (d *day) serveAll() string {
	for d.serve() == 0 {
	}
	shown := strings.Join(d.shown, ", ")
	d.shown = nil
	return shown
}

// tick has the shared ticker tick.
func (d *day) tick(at time.Duration) {
	d.at(at)
	d.board.post(time.Unix(0, 0).Add(at+d.step), d.Face)
}

func expect(t *testing.T, when, got, want string) {
	t.Helper()
	if got != want {
		t.Errorf("%s:\ngot  %s\nwant %s", when, got, want)
	}
}

func TestBurstShowsEachTickOnceToEach(t *testing.T) {
	d := newDay(t, clock.Shared)
	d.board.ticker.Interval = time.Second
	d.at(500 * time.Millisecond)
	d.come("a")
	d.come("b")
	d.serveAll()
	d.at(1000 * time.Millisecond)
	d.come("c") // in the tick at 1 s, before the board shows it
	expect(t, "c comes", d.serveAll(), "c: 01.0")
	d.tick(1 * time.Second)
	expect(t, "first tick", d.serveAll(), "a: 01.0, b: 01.0")
	d.tick(2 * time.Second)
	expect(t, "second tick", d.serveAll(), "a: 02.0, b: 02.0, c: 02.0")
	expect(t, "no tick", d.serveAll(), "")
}

func TestBurstOvertakenByTheNextTickServesTheNewLineToAll(t *testing.T) {
	d := newDay(t, clock.Shared)
	d.board.ticker.Interval = time.Second
	clients := chunk + chunk/2
	for range clients {
		d.come("x")
	}
	d.serveAll()
	d.tick(1 * time.Second)
	d.serve() // one chunk has the first tick
	d.tick(2 * time.Second)
	d.serveAll()
	d.tick(3 * time.Second)
	d.serveAll()
	if got, want := d.Stats.Sent.Load(), int64(clients+chunk+clients+clients); got != want {
		t.Errorf("%d lines, want %d: a first one each, a chunk, then all, then all", got, want)
	}
}

func TestBurstShowsNothingOlderThanItsFirstLine(t *testing.T) {
	d := newDay(t, clock.Shared)
	d.board.ticker.Interval = time.Second
	d.tick(1 * time.Second)
	d.at(2500 * time.Millisecond) // both the loop and the ticker were stopped
	d.come("a")
	expect(t, "a comes, and the board still shows an old tick", d.serveAll(), "a: 02.5")
	d.at(2600 * time.Millisecond)
	d.board.post(time.Unix(2, 0), d.Face)
	expect(t, "the tick in which a came", d.serveAll(), "")
	d.tick(3 * time.Second)
	expect(t, "the next tick", d.serveAll(), "a: 03.0")
}

func TestBurstFollowsAStepOfTheWallClock(t *testing.T) {
	d := newDay(t, clock.Shared)
	d.board.ticker.Interval = time.Second
	d.at(3600 * time.Second)
	d.come("a")
	d.serveAll()
	d.tick(3601 * time.Second)
	expect(t, "before the step", d.serveAll(), "a: 01.0")
	d.step = -time.Hour
	d.tick(3602 * time.Second)
	expect(t, "an hour back", d.serveAll(), "a: 02.0")
	d.step = time.Hour
	d.tick(3603 * time.Second)
	expect(t, "two hours forward", d.serveAll(), "a: 03.0")
}

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

func TestQueueKeepsItsOrderAndForgetsWhoHasLeft(t *testing.T) {
	var q queue
	var clients []*clientConn
	for range 1000 {
		c := new(clientConn)
		clients = append(clients, c)
		q.push(c)
		if len(clients)%3 == 0 {
			q.push(q.pop()) // the front moves round the ring
		}
	}
	for i, c := range clients {
		c.gone = i%2 == 0
	}
	live := q.n
	var want []*clientConn
	for c := range q.all {
		want = append(want, c)
	}
	if len(want) >= live {
		t.Fatalf("%d of %d in the queue are live, want fewer", len(want), live)
	}
	for _, c := range want {
		if got := q.pop(); got != c {
			t.Fatal("pop does not follow the order of all")
		}
	}
	if c := q.pop(); c != nil || q.n != 0 {
		t.Errorf("pop of an empty queue = %v, with %d left", c, q.n)
	}
}

func TestQueueOfManyComersAndGoersStaysSmall(t *testing.T) {
	var q queue
	for range 1_000_000 {
		c := new(clientConn)
		q.push(c)
		c.gone = true
	}
	if len(q.ring) > 64 {
		t.Errorf("the ring has %d places for nobody", len(q.ring))
	}
}
