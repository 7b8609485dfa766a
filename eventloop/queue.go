package eventloop

// A queue holds the clients of one loop in the order in which they will be
// due. It is a ring: serving a client moves it from the front to the back, and
// nothing else moves, so the walk goes through the connections in the order
// they came, as the kernel laid them out. A client that has left stays until
// its turn, or until the ring is full.
type queue struct {
	ring  []*clientConn // its length is 0 or a power of two
	front int
	n     int
}

// push puts c at the back.
func (q *queue) push(c *clientConn) {
	if q.n == len(q.ring) {
		q.resize()
	}
	q.ring[(q.front+q.n)&(len(q.ring)-1)] = c
	q.n++
}

// pop takes the client at the front; nil when there is none.
func (q *queue) pop() *clientConn {
	for q.n > 0 {
		c := q.ring[q.front]
		q.ring[q.front] = nil
		q.front = (q.front + 1) & (len(q.ring) - 1)
		q.n--
		if !c.gone {
			return c
		}
	}
	return nil
}

// unpop puts the client that pop has just taken back at the front.
func (q *queue) unpop(c *clientConn) {
	q.front = (q.front - 1) & (len(q.ring) - 1)
	q.ring[q.front] = c
	q.n++
}

// resize makes room in a full ring: it drops those that have left, and doubles
// the ring if they are less than half.
func (q *queue) resize() {
	live := make([]*clientConn, 0, q.n)
	for c := range q.all {
		live = append(live, c)
	}
	size := max(len(q.ring), 64)
	if len(live) > size/2 {
		size *= 2
	}
	q.ring = append(live, make([]*clientConn, size-len(live))...)
	q.front, q.n = 0, len(live)
}

// all yields the clients from front to back.
func (q *queue) all(yield func(*clientConn) bool) {
	for i := range q.n {
		c := q.ring[(q.front+i)&(len(q.ring)-1)]
		if !c.gone && !yield(c) {
			return
		}
	}
}
