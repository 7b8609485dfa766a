package load

import (
	"bytes"
	"fmt"
	"time"

	"clock"
)

// A parser tells which instant a line names.
type parser struct {
	face     clock.Face
	interval time.Duration

	// The last line and what it named: most lines in a row are the same, and
	// then parsing is a comparison.
	line  []byte
	named int64
}

func newParser(face clock.Face, interval time.Duration) *parser {
	return &parser{face: face, interval: interval, line: make([]byte, 0, clock.MaxLine)}
}

// check returns an error if the layout's lines do not tell one tick from the
// next, for then a line lost cannot be told from a line repeated.
func (p *parser) check() error {
	var this, next [clock.MaxLine]byte
	t := time.Date(2024, time.September, 25, 12, 0, 10, 0, time.UTC).Truncate(p.interval)
	for range 3 {
		if bytes.Equal(p.face.Append(this[:0], t), p.face.Append(next[:0], t.Add(p.interval))) {
			return fmt.Errorf("layout %q shows the same for two ticks, %v apart: serve and load a finer one, such as StampMicro", p.face.Layout, p.interval)
		}
		t = t.Add(p.interval)
	}
	return nil
}

// sameLine is how far from now a line may be that is taken for the last one:
// the shortest time after which a layout may show the same again is half a day.
const sameLine = time.Hour

// parse returns the instant that the line names, in nanoseconds since 1970, or
// false if it is no time in the layout. What the layout leaves out, such as
// the date, is taken from the arrival. The line comes without its newline.
func (p *parser) parse(line []byte, arrival int64) (int64, bool) {
	if distance := time.Duration(arrival - p.named); len(line) > 0 && bytes.Equal(line, p.line) && distance.Abs() < sameLine {
		return p.named, true
	}
	named, ok := p.resolve(line, time.Unix(0, arrival))
	if ok {
		p.line, p.named = append(p.line[:0], line...), named
	}
	return named, ok
}

// maxOff is how far from its arrival a line may be. Beyond it there is no clock
// that is wrong, only garbage, which may name year 0; and instants that are
// centuries apart have no difference in 64 bits of nanoseconds.
const maxOff = 100 * 365 * 24 * time.Hour

// resolve finds the instant nearest to the arrival for which the server would
// have written the line.
func (p *parser) resolve(line []byte, arrival time.Time) (int64, bool) {
	t, err := time.ParseInLocation(p.face.Layout, string(line), p.face.Zone)
	if err != nil || len(line) >= clock.MaxLine {
		return 0, false
	}
	var best time.Time
	var text [clock.MaxLine + 1]byte
	for _, c := range p.candidates(t, arrival) {
		if c.Sub(arrival).Abs() > maxOff {
			continue
		}
		if got := p.face.Append(text[:0], c); !bytes.Equal(got[:len(got)-1], line) {
			continue // a torn line may parse, but no clock writes it
		}
		if best.IsZero() || c.Sub(arrival).Abs() < best.Sub(arrival).Abs() {
			best = c
		}
	}
	if best.IsZero() {
		return 0, false
	}
	return best.UnixNano(), true
}

// candidates returns the instants near the arrival that t, parsed from a
// layout that may lack the date, half of the day, or the offset from UTC, could
// mean.
func (p *parser) candidates(t, arrival time.Time) []time.Time {
	near := arrival.In(p.face.Zone)
	hour, minute, second := t.Clock()
	on := func(year int, month time.Month, day, hour int) time.Time {
		return time.Date(year, month, day, hour, minute, second, t.Nanosecond(), p.face.Zone)
	}
	all := []time.Time{t}
	for d := -1; d <= 1; d++ {
		all = append(all, on(near.Year()+d, t.Month(), t.Day(), hour))
		for _, half := range []int{0, 12} {
			all = append(all, on(near.Year(), near.Month(), near.Day()+d, hour+half))
		}
	}
	for _, c := range all { // the hour that a zone shows twice
		all = append(all, c.Add(-time.Hour), c.Add(time.Hour))
	}
	return all
}
