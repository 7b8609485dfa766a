package eventloop

import (
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
	names map[*client]string
}

func newDay(t *testing.T, ticker clock.TickerKind) *day {
	d := &day{names: make(map[*client]string)}
	d.loop = nullLoop(t, clock.Options{
		Ticker: ticker,
		Face:   clock.Face{Layout: "05.0", Zone: time.UTC},
		Wall:   func(now time.Time) time.Time { return time.Unix(0, 0).Add(now.Sub(d.start) + d.step) },
	})
	d.server.send = func(c *client, line []byte) (int, error) {
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
func (d *day) come(name string) *client {
	c := new(client)
	d.names[c] = name
	c.open(d.loop, nullSocket{})
	return c
}

// serveAll serves chunk after chunk until nobody is due, and returns the lines
// since the last time.
func (d *day) serveAll() string {
	for d.serve() {
	}
	shown := strings.Join(d.shown, ", ")
	d.shown = nil
	return shown
}

// tick has the shared ticker tick.
func (d *day) tick(at time.Duration) {
	d.at(at)
	d.server.board.post(time.Unix(0, 0).Add(at + d.step))
}

func expect(t *testing.T, when, got, want string) {
	t.Helper()
	if got != want {
		t.Errorf("%s:\ngot  %s\nwant %s", when, got, want)
	}
}

func TestBurstShowsEachTickOnceToEach(t *testing.T) {
	d := newDay(t, clock.Shared)
	d.server.board.ticker.Interval = time.Second
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
	d.server.board.ticker.Interval = time.Second
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
	if got, want := d.server.opts.Stats.Sent.Load(), int64(clients+chunk+clients+clients); got != want {
		t.Errorf("%d lines, want %d: a first one each, a chunk, then all, then all", got, want)
	}
}

func TestBurstShowsNothingOlderThanItsFirstLine(t *testing.T) {
	d := newDay(t, clock.Shared)
	d.server.board.ticker.Interval = time.Second
	d.tick(1 * time.Second)
	d.at(2500 * time.Millisecond) // both the loop and the ticker were stopped
	d.come("a")
	expect(t, "a comes, and the board still shows an old tick", d.serveAll(), "a: 02.5")
	d.at(2600 * time.Millisecond)
	d.server.board.post(time.Unix(2, 0))
	expect(t, "the tick in which a came", d.serveAll(), "")
	d.tick(3 * time.Second)
	expect(t, "the next tick", d.serveAll(), "a: 03.0")
}

func TestBurstFollowsAStepOfTheWallClock(t *testing.T) {
	d := newDay(t, clock.Shared)
	d.server.board.ticker.Interval = time.Second
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
