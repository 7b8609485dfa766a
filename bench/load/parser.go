package load

import (
	"bytes"
	"fmt"
	"time"

	"clock"
)

// A parser tells which instant a line names.
type parser struct {
	face      clock.Face
	interval  time.Duration
	precision time.Duration // of the layout: the least that it shows

	// The last line and what it named: most lines in a row are the same, and
	// then parsing is a comparison.
	line  []byte
	named int64
}

func newParser(face clock.Face, interval time.Duration) *parser {
	return &parser{face: face, interval: interval, precision: precision(face), line: make([]byte, 0, clock.MaxLine)}
}

// precision returns the shortest time after which the face shows another line:
// a power of ten from a nanosecond to a second, a minute, an hour, or else a
// day.
func precision(face clock.Face) time.Duration {
	var this, next [clock.MaxLine]byte
	t := time.Date(2024, time.September, 25, 12, 0, 0, 0, time.UTC)
	changes := func(d time.Duration) bool {
		return !bytes.Equal(face.Append(this[:0], t), face.Append(next[:0], t.Add(d)))
	}
	for d := time.Nanosecond; d <= time.Second; d *= 10 {
		if changes(d) {
			return d
		}
	}
	switch {
	case changes(time.Minute):
		return time.Minute
	case changes(time.Hour):
		return time.Hour
	}
	return 24 * time.Hour
}

// check returns an error if the layout's lines do not tell one tick from the
// next, for then a line lost cannot be told from a line repeated; or if they do
// not tell the hour, for then nobody knows how late they are.
func (p *parser) check() error {
	var this, next [clock.MaxLine]byte
	t := time.Date(2024, time.September, 25, 12, 0, 10, 0, time.UTC).Truncate(p.interval)
	for range 3 {
		if bytes.Equal(p.face.Append(this[:0], t), p.face.Append(next[:0], t.Add(p.interval))) {
			return fmt.Errorf("layout %q shows the same for two ticks, %v apart: serve and load a finer one, such as StampMicro", p.face.Layout, p.interval)
		}
		t = t.Add(p.interval)
	}
	t = time.Date(2024, time.September, 25, 15, 34, 10, 0, p.face.Zone)
	line := p.face.Append(this[:0], t)
	if named, ok := p.resolve(line[:len(line)-1], t); !ok || t.Sub(time.Unix(0, named)) >= max(p.interval, p.precision) {
		return fmt.Errorf("layout %q does not tell the time of day: serve and load another one, such as %s", p.face.Layout, clock.DefaultLayout)
	}
	return nil
}

// sameLine is how far from now a line may be that is taken for the last one. A
// layout may show the same again where the clocks go back, which is by half an
// hour at the least.
const sameLine = time.Minute

// parse returns the instant that the line names, in nanoseconds since 1970, or
// false if it is no time in the layout. What the layout leaves out, such as
// the date, is taken from the arrival. The line comes without its newline, but
// may end in the carriage return that some servers write before it.
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
	line = bytes.TrimRight(line, "\r")
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
	for _, c := range all {
		all = append(all, twins(c)...)
	}
	return all
}

// twins returns the instants at which the zone's clocks would show what they
// show at t, had they not yet been changed, or already: of a time that is shown
// twice, a line may mean either.
func twins(t time.Time) (list []time.Time) {
	_, offset := t.Zone()
	add := func(other time.Time) {
		_, o := other.Zone()
		list = append(list, t.Add(time.Duration(offset-o)*time.Second))
	}
	start, end := t.ZoneBounds()
	if !start.IsZero() {
		add(start.Add(-1))
	}
	if !end.IsZero() {
		add(end)
	}
	return list
}
