package goroutine

import (
	"errors"
	"net"
	"os"
	"sync/atomic"
	"syscall"
	"time"

	"clock"
)

// minLap is the least time between two rounds of watch, which looks at every
// client: 10,000 of them are a millisecond's work.
const minLap = 100 * time.Millisecond

// A client is one connection.
type client struct {
	net.Conn
	writing atomic.Int64 // the lap in which the write under way began; 0: none is
	took    int64        // the lap of its last write that took something
}

// enter makes a client of a connection.
func (s *server) enter(conn net.Conn) *client {
	c := &client{Conn: conn, took: s.lap.Load()}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.clients[c] = struct{}{}
	return c
}

// write hands a line to the kernel, and waits while there is no room for it.
// When watch ends the wait, the client loses the line, as a newer one is due;
// but a line once begun is finished. A client that takes nothing for the write
// timeout ends in an error. The observer is told for when the line was due.
func (s *server) write(c *client, line []byte, due time.Time) error {
	for begun := false; ; {
		lap := s.lap.Load()
		c.writing.Store(lap)
		n, err := c.Write(line)
		c.writing.Store(0)
		if n > 0 {
			c.took = lap
		}
		switch {
		case err == nil:
			s.Stats.Sent.Add(1)
			if s.Observer != nil {
				s.Observer.Sent(due, s.Wall(time.Now()))
			}
			return nil
		case !errors.Is(err, os.ErrDeadlineExceeded) || s.drained.Load():
			return err
		}
		_ = c.SetWriteDeadline(time.Time{})
		line, begun = line[n:], begun || n > 0
		switch stalled := s.lap.Load() - c.took; {
		case stalled > int64(s.WriteTimeout/s.lapTime):
			return err
		case stalled > 1 && !begun:
			s.Stats.Dropped.Add(1)
			return nil
		}
	}
}

// watch ends the writes that are still under way a lap after the one in which
// they began. A deadline for every write would do the same, and cost an eighth
// of a line.
func (s *server) watch() {
	ticker := time.NewTicker(s.lapTime)
	defer ticker.Stop()
	for {
		select {
		case <-s.stop:
			return
		case <-ticker.C:
		}
		lap := s.lap.Add(1)
		s.endWrites(func(c *client) bool {
			began := c.writing.Load()
			return began != 0 && began < lap-1
		})
	}
}

// endWrites ends the write under way of each client for which it should.
func (s *server) endWrites(should func(*client) bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for c := range s.clients {
		if should(c) {
			_ = c.SetWriteDeadline(time.Unix(1, 0))
		}
	}
}

// leave closes a connection that was served until err: with FIN when the
// server stops, with a reset for a client that takes nothing, since what waits
// for it in the socket is out of date.
func (s *server) leave(c *client, err error) {
	why := clock.ReasonClient
	switch {
	case err == nil:
		why = clock.ReasonShutdown
		discardInput(c.Conn)
	case errors.Is(err, os.ErrDeadlineExceeded):
		why = clock.ReasonSlow
		if tcp, ok := c.Conn.(*net.TCPConn); ok {
			_ = tcp.SetLinger(0)
		}
	}
	_ = c.Close()
	s.mu.Lock()
	delete(s.clients, c)
	s.mu.Unlock()
	s.door.Leave(c.RemoteAddr(), why)
}

// drain gives the lines in flight the drain time from when the server stops,
// and then ends every write. It returns when the clients are gone.
func (s *server) drain(gone <-chan struct{}) {
	<-s.stop
	select {
	case <-gone:
		return
	case <-time.After(s.Drain):
	}
	s.drained.Store(true)
	s.endWrites(func(*client) bool { return true })
}

// discardInput throws away what the client has sent, so that the connection
// ends with FIN.
func discardInput(conn net.Conn) {
	sc, ok := conn.(syscall.Conn)
	if !ok {
		return // a net.Pipe keeps nothing
	}
	if raw, err := sc.SyscallConn(); err == nil {
		_ = raw.Control(func(fd uintptr) { clock.DiscardInput(int(fd)) })
	}
}
