package eventloop

// A queue holds the clients of one loop in the order in which they will be
// due, each with what its schedule knows of it. It is a ring: serving a client
// moves it from the front to the back, and nothing else moves, so the walk goes
// through the connections in the order they came, as the kernel laid them out. A
// client that has left stays until its turn, or until the ring is full.
type queue[T queued] struct {
	ring  []T // its length is 0 or a power of two
	first int
	n     int
}

// queued is a client in a queue.
type queued interface{ hasLeft() bool }

func (c *client) hasLeft() bool { return c.left }

// at returns the place of the i-th client in the ring.
func (q *queue[T]) at(i int) *T { return &q.ring[(q.first+i)&(len(q.ring)-1)] }

// push puts c at the back.
func (q *queue[T]) push(c T) {
	if q.n == len(q.ring) {
		q.resize()
	}
	*q.at(q.n) = c
	q.n++
}

// front returns the client at the front, which may be changed there until it is
// rotated; false when there is none.
func (q *queue[T]) front() (*T, bool) {
	for q.n > 0 {
		c := q.at(0)
		if !(*c).hasLeft() {
			return c, true
		}
		q.drop()
	}
	return nil, false
}

// drop takes the client at the front out.
func (q *queue[T]) drop() {
	var none T
	*q.at(0) = none
	q.first++
	q.n--
}

// rotate moves the client at the front to the back.
func (q *queue[T]) rotate() {
	c := *q.at(0)
	q.drop()
	*q.at(q.n) = c
	q.n++
}

// resize makes room in a full ring: it drops those that have left, and doubles
// the ring if they are less than half.
func (q *queue[T]) resize() {
	live := make([]T, 0, q.n)
	for c := range q.all {
		live = append(live, *c)
	}
	size := max(len(q.ring), 64)
	if len(live) > size/2 {
		size *= 2
	}
	q.ring = append(live, make([]T, size-len(live))...)
	q.first, q.n = 0, len(live)
}

// all yields the clients from front to back.
func (q *queue[T]) all(yield func(*T) bool) {
	for i := range q.n {
		c := q.at(i)
		if !(*c).hasLeft() && !yield(c) {
			return
		}
	}
}
