package load

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"clock"
)

// FuzzParser looks for lines that make the parser panic, or name an instant
// for which no clock would write them.
func FuzzParser(f *testing.F) {
	for _, line := range []string{"12:00:01", "2:00:01", "", "\xff", "Jan  2 15:04:05", "2006-01-02T15:04:05Z"} {
		f.Add("15:04:05", line, int64(1795435200e9), int64(1e9))
	}
	f.Add(time.StampNano, "Nov 23 12:00:01.000000001", int64(1795435201e9), int64(86400e9))
	f.Add(time.RFC3339, "0000-01-01T00:00:00Z", int64(0), int64(0))
	f.Add(time.RFC3339Nano, "2026-11-23T12:00:01Z", int64(0), int64(-1e9))
	f.Fuzz(func(t *testing.T, layout, line string, arrival, later int64) {
		if _, err := clock.ParseLayout(layout); err != nil {
			return
		}
		// Times that the kernel stamps lines with: of this century.
		const century = int64(100 * 365 * 24 * time.Hour)
		arrival, later = arrival%(century/2)+century/2, later%int64(24*time.Hour)
		face := clock.Face{Layout: layout, Zone: time.UTC}
		p := newParser(face, time.Second)
		for _, at := range []int64{arrival, arrival + later} { // the second time it is the line before
			named, ok := p.parse([]byte(line), at)
			if !ok {
				continue
			}
			if got := string(face.Append(nil, time.Unix(0, named))); got != strings.TrimRight(line, "\r")+"\n" {
				t.Errorf("layout %q: %q is taken for %v, which a clock writes as %q", layout, line, time.Unix(0, named).UTC(), got)
			}
		}
	})
}

// FuzzTally looks for bytes that count otherwise when they come in pieces, or
// for more than can be due, or that fill the memory.
func FuzzTally(f *testing.F) {
	f.Add([]byte("12:00:00\n12:00:01\n12:00:02\n"), []byte{1, 8, 3}, false)
	f.Add([]byte("12:00:01\n12:00:01\n12:00\n\n12:00:05\n12:00:"), []byte{5}, true)
	f.Add(append(make([]byte, 3*clock.MaxLine), "\n12:00:01\n12:00:02\n"...), []byte{200}, false)
	f.Fuzz(func(t *testing.T, data, lengths []byte, shared bool) {
		ticker := clock.PerConn
		if shared {
			ticker = clock.Shared
		}
		whole := newSplit(t, ticker)
		whole.data(data)
		pieces := newSplit(t, ticker)
		for i, rest := 0, data; len(rest) > 0; i++ {
			n := len(rest)
			if len(lengths) > 0 {
				n = min(n, 1+int(lengths[i%len(lengths)]))
			}
			pieces.data(rest[:n])
			rest = rest[n:]
		}
		if got, want := pieces.counts(), whole.counts(); got != want {
			t.Errorf("in pieces of %v bytes %q counts as\n%s\nand in one as\n%s", lengths, data, got, want)
		}
	})
}

// A split is a tally that is given bytes of one client.
type split struct {
	*testing.T
	tally   *tally
	clients []client
}

func newSplit(t *testing.T, ticker clock.TickerKind) *split {
	c, err := Config{Addr: "localhost:8000", Conns: 1, Duration: 5 * time.Second, Ticker: ticker, Face: clock.Face{Zone: time.UTC}}.complete()
	if err != nil {
		t.Fatal(err)
	}
	s := &split{t, newTally(c), make([]client, 1)}
	s.tally.open(window{begin.UnixNano() + 5e8, begin.UnixNano() + 55e8})
	s.tally.call(&s.clients[0], begin.UnixNano())
	return s
}

// data takes bytes that arrive while the window is open.
func (s *split) data(b []byte) {
	s.tally.data(&s.clients[0], b, begin.UnixNano()+2e9)
	for _, held := range s.tally.held {
		if len(held) > clock.MaxLine+1 {
			s.Errorf("%d bytes are held", len(held))
		}
	}
}

func (s *split) counts() string {
	t := s.tally
	t.close(s.clients, t.window.to)
	if t.missing < 0 || t.lines < 0 || t.lines+t.missing > 5 {
		s.Errorf("%d lines and %d missing, but 5 can be due", t.lines, t.missing)
	}
	return fmt.Sprintf("%d lines of %d (%d of the run), %d missing, %d skipped, %d repeated, %d torn, %d stale, gaps %d of %d",
		t.lines, t.allLines, t.total, t.missing, t.skipped, t.repeated, t.torn, t.stale, t.gaps, t.excess)
}
