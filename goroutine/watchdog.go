package goroutine

import (
	"net"
	"time"

	"clock"
)

const (
	// minLap is the least time between two rounds of the watchdog, which looks
	// at every client: 10,000 of them are a millisecond's work.
	minLap = 100 * time.Millisecond

	// hangupCheck is how often the watchdog looks who has hung up.
	hangupCheck = time.Second

	// halfClosedProbe is the time between two keep-alive probes to a client that
	// has shut down its sending half. The host of one that is gone answers them
	// for a minute (net.ipv4.tcp_fin_timeout), and then with a reset.
	halfClosedProbe = 15 * time.Second
)

// watch is the watchdog: it does what a goroutine that writes or sleeps cannot do
// for its own client, until the server stops.
func (s *server) watch() {
	laps := time.NewTicker(s.lapTime)
	defer laps.Stop()
	hangups := time.NewTicker(hangupCheck)
	defer hangups.Stop()
	for {
		select {
		case <-s.stop:
			return
		case <-laps.C:
			s.endLap()
		case <-hangups.C:
			if s.Sequential && s.door.Waiting() {
				s.makeRoom() // the next one waits for it
			} else {
				s.endHungUp()
			}
		}
	}
}

// endLap ends the writes that are still under way a lap after the one in which
// they began. A deadline for every write would do the same, and cost an eighth
// of a line.
func (s *server) endLap() {
	lap := s.lap.Add(1)
	s.endWrites(func(c *client) bool {
		began := c.writing.Load()
		return began != 0 && began < lap-1
	})
}

// endWrites ends the write under way of each client for which it should.
func (s *server) endWrites(should func(*client) bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, c := range s.clients {
		if should(c) {
			_ = c.SetWriteDeadline(time.Unix(1, 0))
		}
	}
}

// endHungUp lets those clients go that are gone, and reports whether there were
// any. One that has shut down its sending half may still read, and is served on;
// or it is gone, and its host will say so when it is asked.
func (s *server) endHungUp() bool {
	var gone, half []*client
	s.mu.Lock()
	s.hangups.each(func(number uint64, isGone bool) {
		switch c := s.clients[number]; {
		case c == nil:
		case isGone:
			gone = append(gone, c)
		default:
			half = append(half, c)
			s.halfClosed[number] = c
		}
	})
	s.mu.Unlock()
	for _, c := range half {
		if tcp, ok := c.Conn.(*net.TCPConn); ok {
			_ = tcp.SetKeepAliveConfig(net.KeepAliveConfig{Enable: true, Idle: halfClosedProbe, Interval: halfClosedProbe, Count: -1})
		}
	}
	return s.letGo(gone)
}

// makeRoom lets all clients go that have shut down their sending half, since
// most of these are gone, and another client wants a place where there is none.
// It reports whether anybody has left. A client in the middle of a line stays.
func (s *server) makeRoom() bool {
	left := s.endHungUp()
	var half []*client
	s.mu.Lock()
	for _, c := range s.halfClosed {
		if c.writing.Load() == 0 {
			half = append(half, c)
		}
	}
	s.mu.Unlock()
	return s.letGo(half) || left
}

// letGo closes the connections of clients for their goroutines, which notice
// when they wake up: within a second. It reports whether there are any.
func (s *server) letGo(clients []*client) bool {
	for _, c := range clients {
		s.leave(c, clock.ReasonClient)
	}
	if len(clients) > 0 && s.board != nil && s.Interval > maxNap {
		s.board.wake()
	}
	return len(clients) > 0
}

// drain gives the lines in flight the drain time from when the server stops,
// and then ends every write. It returns when the clients are gone.
func (s *server) drain(gone <-chan struct{}) {
	<-s.stop
	s.mu.Lock()
	for _, c := range s.clients {
		c.wake()
	}
	s.mu.Unlock()
	select {
	case <-gone:
		return
	case <-time.After(s.Drain):
	}
	s.drained.Store(true)
	s.endWrites(func(*client) bool { return true })
}
