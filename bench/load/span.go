package load

import (
	"slices"
	"time"
)

// maxSlots is how many ticks of a window have their first and last arrival
// noted: 18 hours of seconds, in 1 MiB. Of a longer window it is every second
// tick, or every third, and so on.
const maxSlots = 1 << 16

// A slot is a tick of the window: its first and its last arrival.
type slot struct{ first, last int64 }

// slots are the ticks of the window from whose arrivals the span is known.
type slots struct {
	every int64 // of so many ticks, one has a slot
	slot  []slot
}

// newSlots returns the slots of a window with so many ticks.
func newSlots(ticks int64) slots {
	every := max(1, (ticks+maxSlots-1)/maxSlots)
	return slots{every, make([]slot, (ticks+every-1)/every)}
}

// mark notes that a line of a tick, counted from the first of the window, has
// arrived.
func (s *slots) mark(tick, arrival int64) {
	if tick < 0 || tick%s.every != 0 || tick/s.every >= int64(len(s.slot)) {
		return // another tick's, or late by so much that its tick was before the window
	}
	s.slot[tick/s.every].mark(arrival)
}

func (s *slot) mark(arrival int64) {
	if s.first == 0 || arrival < s.first {
		s.first = arrival
	}
	s.last = max(s.last, arrival)
}

// merge adds what another worker has noted of the same window.
func (s *slots) merge(t slots) {
	for i, u := range t.slot {
		if u.first != 0 {
			s.slot[i].mark(u.first)
			s.slot[i].mark(u.last)
		}
	}
}

// span returns the median and the longest time from first to last arrival.
func (s *slots) span() Span {
	var spans []time.Duration
	for _, t := range s.slot {
		if t.first != 0 {
			spans = append(spans, time.Duration(t.last-t.first))
		}
	}
	if len(spans) == 0 {
		return Span{}
	}
	slices.Sort(spans)
	return Span{Median: spans[len(spans)/2], Max: spans[len(spans)-1]}
}
