package load

import (
	"time"

	"clock"
)

const (
	// maxCalls is how many clients call connect before lines are read again.
	maxCalls = 64
	// maxIdle bounds a worker's sleep, and so how late a signal is seen.
	maxIdle = 20 * time.Millisecond
)

// A rota is a worker's clients and what they do when: connect, take turns to
// leave and reconnect, come back after a storm. How they do it is the worker's.
type rota struct {
	*tally
	Config
	fleet   share
	clients []client
	by      connector

	start    time.Time // of connecting
	next     int       // the first client that has yet to connect
	turns    []int     // the churning clients
	turn     int       // how many turns they have taken
	churning time.Time // when they began to
	storming bool
	over     bool      // the window is
	looked   time.Time // for lines, the last time
}

// A connector connects clients and hangs up for them.
type connector interface {
	dial(i int)
	leave(i int)
}

func newRota(c Config, s share, start time.Time) *rota {
	r := &rota{tally: newTally(c), Config: c, fleet: s, clients: s.clients(c), start: start}
	for i := range r.clients {
		if r.clients[i].role == churning {
			r.turns = append(r.turns, i)
		}
	}
	return r
}

func (r *rota) count() *tally { return r.tally }

// heed does what the signals say.
func (r *rota) heed(s *signals, now time.Time) {
	if open := s.window.Load(); open != nil && r.window.from == 0 {
		r.open(*open)
		r.churning = now
	}
	if kind := s.ticker.Load(); kind != nil {
		r.shared = *kind == clock.Shared
	}
	if storm := s.storm.Load(); storm != nil && !r.storming {
		r.storming = true
		r.hangUp()
		r.join, r.start, r.next, r.Rate, r.turns = r.storm, *storm, 0, AtOnce, nil
	}
}

func (r *rota) hangUp() {
	for i := range r.clients {
		r.by.leave(i)
	}
}

// look notes how long nobody has looked for lines.
func (r *rota) look(now time.Time) {
	if !r.looked.IsZero() && r.window.has(now.UnixNano()) {
		r.behind = max(r.behind, now.Sub(r.looked))
	}
	r.looked = now
}

// isOver reports whether the window has just ended: when all that has come by
// now is read, endWindow may be called.
func (r *rota) isOver(s *signals, now time.Time) bool {
	return r.window.from != 0 && !r.over && now.UnixNano() > s.close()
}

// endWindow closes the window.
func (r *rota) endWindow(s *signals) {
	r.close(r.clients, s.close())
	r.over = true
	s.open.Done()
}

// due lets the clients call connect whose time has come, and returns how long
// it is until the next one's.
func (r *rota) due(now time.Time) time.Duration {
	for range maxCalls {
		if r.next == len(r.clients) {
			return r.churnDue(now)
		}
		due := r.start.Add(lasts(r.fleet.of(r.next), r.Rate))
		if wait := due.Sub(now); wait > 0 {
			return min(wait, maxIdle)
		}
		r.by.dial(r.next)
		r.next++
	}
	return 0
}

// churnDue lets the churning clients leave and call again whose turn it is.
func (r *rota) churnDue(now time.Time) time.Duration {
	if len(r.turns) == 0 || r.churning.IsZero() {
		return maxIdle
	}
	each := lasts(r.fleet.workers, r.Churn)
	for range maxCalls {
		if wait := r.churning.Add(time.Duration(r.turn) * each).Sub(now); wait > 0 {
			return min(wait, maxIdle)
		}
		i := r.turns[r.turn%len(r.turns)]
		r.by.leave(i)
		r.by.dial(i)
		r.turn++
	}
	return 0
}

// lasts returns how long n clients take at a rate of so many a second.
func lasts(n int, rate float64) time.Duration {
	return time.Duration(min(float64(n)/rate*float64(time.Second), float64(MaxTime)))
}
