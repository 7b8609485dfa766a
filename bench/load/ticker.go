package load

import "clock"

// A tickerVote tells which ticker a server has from the first two lines of its
// clients. The first comes at once. The second comes an interval later with a
// ticker per connection, and with a shared one on the tick, whenever the client
// came. A line may be late for either, but is hardly early.
type tickerVote struct {
	clients         int64 // asked
	perConn, shared int64 // those whose second line was on time for one, and not for the other
}

// add asks a client whose second line came so long after its first, and so long
// after the tick before it.
func (v *tickerVote) add(sinceFirst, sinceTick, interval int64) {
	v.clients++
	perConn, shared := lateness(sinceFirst, interval), lateness(sinceTick, interval)
	switch {
	case shared >= clearVote*perConn:
		v.perConn++
	case perConn >= clearVote*shared:
		v.shared++
	}
}

func (v *tickerVote) merge(w tickerVote) {
	v.clients += w.clients
	v.perConn += w.perConn
	v.shared += w.shared
}

const (
	// clearVote is how many times later a line has to be by one ticker than by
	// the other.
	clearVote = 3

	// One ticker wins with this share of the clients, and so many times the
	// votes of the other. A shared ticker whose lines all come late by the same
	// time, be it its load or its clock, is taken for the other by a third of
	// them at most: by those that came shortly before.
	winningShare  = 0.4
	winningFactor = 2
)

// lateness returns how late a line is, by the interval in which it came. A
// twentieth of an interval before its time it is early, and on time; and to
// within a hundredth nothing is known.
func lateness(since, interval int64) int64 {
	early := interval / 20
	return max((since+early)%interval-early, interval/100)
}

// winner returns the ticker that the server has, or "" where it is not to be
// seen.
func (v tickerVote) winner() clock.TickerKind {
	wins := func(votes, others int64) bool {
		return votes > 0 && votes >= winningFactor*others && float64(votes) >= winningShare*float64(v.clients)
	}
	switch {
	case wins(v.perConn, v.shared):
		return clock.PerConn
	case wins(v.shared, v.perConn):
		return clock.Shared
	}
	return ""
}
