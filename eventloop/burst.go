package eventloop

import (
	"math"
	"sync/atomic"
	"time"

	"clock"
)

// forever is a wait that an event will end.
const forever = time.Duration(math.MaxInt64)

// A schedule says which clients of a loop are due, and for which line. It
// relies on the queue: the client at the front is due first.
type schedule interface {
	// admit schedules a client that was shown the wall clock's time, at the
	// moment mono of the loop's own time.
	admit(c *clientConn, wall time.Time, mono time.Duration)

	// begin begins a chunk.
	begin()

	// next returns what c, at the front of the queue, is due for, until the next
	// call; nil if it is to be passed over; or the time to wait until it is due.
	next(c *clientConn) (due *notice, wait time.Duration)
}

// A board shows the newest tick of the shared ticker to all loops.
type board struct {
	ticker clock.Ticker
	notice atomic.Pointer[notice] // nil before the first tick
}

// A notice is one tick and its line.
type notice struct {
	tick   time.Time
	line   []byte
	posted time.Time // on the board of the shared ticker
}

// post puts the line of a tick on the board, formatted once for all clients.
func (b *board) post(tick time.Time, face clock.Face) {
	n := &notice{tick: tick, posted: time.Now()}
	n.line = face.Append(nil, tick)
	b.notice.Store(n)
}

// A burst is the schedule of the shared ticker: at each tick every client is
// due, once round the queue. When a tick comes before the round is over, the
// round begins anew with the new line where it is: who has missed the old one
// is served first.
type burst struct {
	*loop
	round  *notice
	posted time.Duration // when it was, on the loop's own time
	left   int           // clients that this round has yet to come to
}

func (b *burst) admit(c *clientConn, wall time.Time, mono time.Duration) {
	c.shown = b.board.ticker.Floor(wall).UnixNano()
	c.due = mono
}

func (b *burst) begin() {
	if newest := b.board.notice.Load(); newest != b.round {
		b.round, b.posted, b.left = newest, newest.posted.Sub(b.start), b.queue.n
	}
}

func (b *burst) next(c *clientConn) (*notice, time.Duration) {
	if b.left == 0 {
		return nil, forever
	}
	b.left--
	tick := b.round.tick.UnixNano()
	if c.shown == tick || c.due >= b.posted {
		return nil, 0 // it came in this very tick, or after it, and has a line
	}
	c.shown = tick
	return b.round, 0
}

// A spread is the schedule of the ticker per connection: a client is due at
// the moment it came plus a multiple of the interval, exactly, for ever. Each
// line names the moment it is due. All clients have the same interval, so who
// is served last is due last, and the queue is in order without sorting; that
// is why there is no timing wheel and no heap.
type spread struct {
	*loop
	quantum time.Duration
	missed  time.Duration // whole intervals that all clients missed together
	wall    time.Time     // the time of begin on the wall clock
	mono    time.Duration // the same on the loop's own time
	line    notice        // for the client at the front
}

// maxQuantum bounds how late a spread serves a client in order to serve those
// that are due soon after it together: a wake-up costs as much as many lines.
const maxQuantum = 10 * time.Millisecond

func newSpread(l *loop) *spread {
	return &spread{loop: l, quantum: min(l.Interval/100, maxQuantum)}
}

func (s *spread) admit(c *clientConn, _ time.Time, mono time.Duration) {
	c.due = mono - s.missed + s.Interval
	if s.queue.n == 0 {
		s.bell.ring() // it waits for nobody
	}
}

func (s *spread) begin() { s.wall, s.mono = s.now() }

func (s *spread) next(c *clientConn) (*notice, time.Duration) {
	// Who is due is decided on the grid of the quantum, and not by when the
	// loop got there: so a client is served equally late each time, and its
	// gaps are exact.
	due := c.due + s.missed
	if turn := s.mono.Truncate(s.quantum); due > turn {
		return nil, (due + s.quantum - 1).Truncate(s.quantum) - s.mono
	}
	late := s.mono - due
	lost := late / s.Interval
	if lost > 0 && !c.passed {
		lost-- // c alone is passed over: those after it may be in time for their lines
	}
	// The loop was stopped, or is overloaded. So many lines are lost to all, so
	// that the clients stay in order.
	s.missed += lost * s.Interval
	late -= lost * s.Interval
	c.due += s.Interval
	if c.passed = late >= s.Interval; c.passed {
		return nil, 0 // a newer line is due, when its turn comes
	}
	s.line.tick = s.wall.Add(-late)
	s.line.line = s.Face.Append(s.line.line[:0], s.line.tick)
	return &s.line, 0
}
