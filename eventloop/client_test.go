package eventloop

import (
	"strings"
	"testing"

	"clock"
)

// A narrowSocket is gnet's part of a client that takes a few bytes at a time:
// it keeps what it is given to send later.
type narrowSocket struct {
	nullSocket
	kept strings.Builder
}

func (s *narrowSocket) Write(b []byte) (int, error) { return s.kept.Write(b) }
func (s *narrowSocket) OutboundBuffered() int       { return s.kept.Len() }

func TestTornLineIsFinishedBeforeTheNext(t *testing.T) {
	l := nullLoop(t, clock.Options{Ticker: clock.Shared})
	var taken strings.Builder
	room := 0
	l.server.send = func(_ *client, line []byte) (int, error) {
		n := min(room, len(line))
		taken.Write(line[:n])
		room -= n
		return n, nil
	}
	socket := new(narrowSocket)
	c := &client{loop: l, conn: socket}

	steps := []struct {
		room    int
		line    string
		taken   string // by the kernel in all
		kept    string // by gnet
		dropped int64
	}{
		{100, "one\n", "one\n", "", 0},
		{1, "two\n", "one\nt", "wo\n", 0},
		{100, "three\n", "one\nt", "wo\n", 1}, // gnet must not be given a second line
		{0, "four\n", "one\nt", "wo\n", 2},
	}
	for _, step := range steps {
		room = step.room
		c.write(&line{text: []byte(step.line)})
		if taken.String() != step.taken || socket.kept.String() != step.kept || l.server.opts.Stats.Dropped.Load() != step.dropped {
			t.Fatalf("after %q: taken %q, kept %q, %d dropped, want %q, %q, %d", step.line,
				taken.String(), socket.kept.String(), l.server.opts.Stats.Dropped.Load(), step.taken, step.kept, step.dropped)
		}
	}
	socket.kept.Reset() // gnet has sent the rest
	room = 100
	c.write(&line{text: []byte("five\n")})
	if got, want := taken.String(), "one\ntfive\n"; got != want || c.stalled != 0 {
		t.Errorf("taken %q, stalled %v, want %q and not stalled", got, c.stalled, want)
	}
}
