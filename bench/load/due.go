package load

// What is due in the window, and so what is missing, depends on the ticker. A
// shared one owes every client each tick of the window, and the line says which
// it is. One per connection owes a line an interval after the last, so that a
// server that drifts owes fewer than the window has intervals; and there only
// the gaps between lines tell.

// between returns how many ticks of the window lie between two instants.
func (t *tally) between(after, before int64) int64 {
	// Ticks are half an interval past from, and each an interval after the last.
	after = max(after, t.window.from-t.interval/2)
	before = min(before, t.window.to+t.interval/2)
	return max(0, (before-after+t.interval/2)/t.interval-1)
}

// owe counts what a line that comes with a ticker per connection says of those
// before it. Lines that were due in a gap are missing, a line that is late by
// less than half an interval being none; but they are not lost if they come
// after all, one upon the other.
func (t *tally) owe(c *client, arrival int64) {
	since := max(c.last, t.window.from-t.interval)
	switch due := (arrival-since+t.interval/2)/t.interval - 1; {
	case due > 0:
		c.owed += due
		t.missing += due
	case due < 0 && c.owed > 0:
		c.owed--
		t.missing--
	}
}

// settle counts, with a ticker per connection, what is due until the end of the
// window, and takes back what cannot have been due: a window has room for a
// line an interval. Lines beyond that were due before it.
func (t *tally) settle(c *client) {
	length := t.window.to - t.window.from
	due := length / t.interval
	since := max(c.last, t.window.from-t.interval/2)
	owed := c.owed + max(0, (t.window.from+due*t.interval-since-t.interval/2)/t.interval)
	lines := int64(c.lines)
	t.missing += min(owed, max(0, due-lines)) - c.owed
	t.lines -= max(0, lines-(length+t.interval-1)/t.interval)
}
