package eventloop

import "time"

// A burst is the schedule of the shared ticker: at each tick every client is
// due, once round the queue. When a tick comes before the round is over, the
// round begins anew with the new line where it is: who has missed the old one
// is served first.
type burst struct {
	loop   *loop
	board  *board
	queue  queue[burstClient]
	round  *line
	posted time.Duration // when the board showed it, on the loop's own time
	left   int           // clients that this round has yet to come to
}

// A burstClient is a client in the queue of a burst.
type burstClient struct {
	*client
	shown int64         // the tick that it was last shown, Unix ns
	since time.Duration // when it came, on the loop's own time
}

func (b *burst) admit(c *client, wall time.Time, mono time.Duration) {
	b.queue.push(burstClient{c, b.board.ticker.Floor(wall).UnixNano(), mono})
}

func (b *burst) begin() {
	if newest := b.board.newest.Load(); newest != b.round {
		b.round, b.posted, b.left = newest, newest.posted.Sub(b.loop.start), b.queue.n
	}
}

func (b *burst) next() (*client, *line, bool) {
	c, ok := b.queue.front()
	if !ok || b.left == 0 {
		return nil, nil, false
	}
	b.left--
	defer b.queue.rotate()
	tick := b.round.due.UnixNano()
	if c.shown == tick || c.since >= b.posted {
		return c.client, nil, true // it came in this very tick, or after it, and has a line
	}
	c.shown = tick
	return c.client, b.round, true
}

// wait does not know: the board wakes the loop.
func (b *burst) wait() (time.Duration, bool) { return 0, false }

func (b *burst) all(yield func(*client) bool) {
	for c := range b.queue.all {
		if !yield(c.client) {
			return
		}
	}
}
