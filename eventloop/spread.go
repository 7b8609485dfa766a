package eventloop

import "time"

// maxQuantum bounds how late a spread serves a client in order to serve those
// that are due soon after it together: a wake-up costs as much as many lines.
const maxQuantum = 10 * time.Millisecond

// A spread is the schedule of the ticker per connection: a client is due at
// the moment it came plus a multiple of the interval, exactly, for ever. Each
// line names the moment it is due. All clients have the same interval, so who
// is served last is due last, and the queue is in order without sorting; that
// is why there is no timing wheel and no heap.
type spread struct {
	loop    *loop
	queue   queue[spreadClient]
	quantum time.Duration
	missed  time.Duration // whole intervals that all clients missed together
	wall    time.Time     // the time of begin on the wall clock
	mono    time.Duration // the same on the loop's own time
	line    line          // for the client at the front
}

// A spreadClient is a client in the queue of a spread.
type spreadClient struct {
	*client
	due    time.Duration // for its next line, but for what all have missed, on the loop's own time
	passed bool          // it lost its last line, because a newer one was due
}

func newSpread(l *loop) *spread {
	return &spread{loop: l, quantum: min(l.server.opts.Interval/100, maxQuantum)}
}

func (s *spread) admit(c *client, _ time.Time, mono time.Duration) {
	first := s.queue.n == 0
	s.queue.push(spreadClient{client: c, due: mono - s.missed + s.loop.server.opts.Interval})
	if first {
		s.loop.waker.wake() // it waits for nobody
	}
}

func (s *spread) begin() { s.wall, s.mono = s.loop.now() }

func (s *spread) next() (*client, *line, bool) {
	// Who is due is decided on the grid of the quantum, and not by when the
	// loop got there: so a client is served equally late each time, and its
	// gaps are exact.
	c, ok := s.queue.front()
	if !ok || c.due+s.missed > s.mono.Truncate(s.quantum) {
		return nil, nil, false
	}
	defer s.queue.rotate()
	interval := s.loop.server.opts.Interval
	late := s.mono - c.due - s.missed
	lost := late / interval
	if lost > 0 && !c.passed {
		lost-- // c alone is passed over: those after it may be in time for their lines
	}
	// The loop was stopped, or is overloaded. So many lines are lost to all, so
	// that the clients stay in order.
	s.missed += lost * interval
	late -= lost * interval
	c.due += interval
	if c.passed = late >= interval; c.passed {
		return c.client, nil, true // a newer line is due, when its turn comes
	}
	s.line.due = s.wall.Add(-late)
	s.line.text = s.loop.server.opts.Face.Append(s.line.text[:0], s.line.due)
	return c.client, &s.line, true
}

func (s *spread) wait() (time.Duration, bool) {
	c, ok := s.queue.front()
	if !ok {
		return 0, false
	}
	return (c.due + s.missed + s.quantum - 1).Truncate(s.quantum) - s.mono, true
}

func (s *spread) all(yield func(*client) bool) {
	for c := range s.queue.all {
		if !yield(c.client) {
			return
		}
	}
}
