package goroutine

import (
	"errors"
	"net"
	"os"
	"sync/atomic"
	"syscall"
	"time"

	"clock"
	"clock/accept"
)

// maxNap is the longest sleep that nothing ends before its time: a goroutine
// notices after it that the server has stopped, or that its client has left.
const maxNap = time.Second

// A client is one connection.
type client struct {
	conn    net.Conn
	number  uint64       // among all clients of the server
	writing atomic.Int64 // the lap in which the write under way began; 0: none is
	took    int64        // the lap of the last write that took something
	alarm   *time.Timer  // ends its sleep; nil if that is a nap
	left    atomic.Bool  // its connection is closed
}

// A line is one line, for one client or for all.
type line struct {
	text []byte
	at   time.Time // what it shows
	due  time.Time // when it is due
	tick int64     // of the shared ticker: counts the ticks
}

// handleConn is the book's: it writes the time, waits, and writes it again, until
// the client leaves or the server stops.
func (s *server) handleConn(conn net.Conn, first *line) {
	c := s.enter(conn)
	defer s.handlers.Done()
	for l := first; l != nil; l = s.wait(c, l) {
		if err := s.write(c, l); err != nil {
			s.leave(c, reason(err)) // e.g., client disconnected
			return
		}
	}
	s.leave(c, clock.ReasonShutdown)
}

// first returns the line for a client that comes now. It is made here, for the
// goroutine that accepts, since formatting the time grows a stack from 2 KB to
// 4 KB: with the shared ticker, those of the clients stay small.
func (s *server) first() *line {
	l := new(line)
	if s.board != nil {
		l.tick = s.board.tick()
	}
	l.at = s.opts.Wall(time.Now())
	l.due = l.at
	l.text = s.opts.Face.Append(nil, l.at)
	return l
}

// wait waits until the line after last is due, and returns it; or nil if there is
// none, since the server stops or the client has left. Without a board the sleep
// begins after the write, as in the book, so the ticks drift by what a write and a
// wake-up take.
func (s *server) wait(c *client, last *line) *line {
	if s.board != nil {
		next, lost := s.board.next(last, &c.left)
		s.opts.Stats.Dropped.Add(lost)
		return next
	}
	if !s.sleep(c) {
		return nil
	}
	last.due = last.at.Add(s.opts.Interval)
	last.at = s.opts.Wall(time.Now())
	last.text = s.opts.Face.Append(last.text[:0], last.at)
	return last
}

// write writes a line to the client. One that is too slow for it loses it; one
// that has taken nothing for the write timeout, or is gone, is an error.
func (s *server) write(c *client, l *line) error {
	taken, err := s.watchdog.write(c, l.text)
	switch {
	case err != nil:
		return err
	case !taken:
		s.opts.Stats.Dropped.Add(1)
		return nil
	}
	s.opts.Stats.Sent.Add(1)
	if s.opts.Observer != nil {
		s.opts.Observer.Sent(l.due, s.opts.Wall(time.Now()))
	}
	return nil
}

// sleep is time.Sleep, unless the server stops or the client leaves: false.
func (s *server) sleep(c *client) bool {
	if c.alarm == nil {
		time.Sleep(s.opts.Interval)
		return !s.over(c)
	}
	c.alarm.Reset(s.opts.Interval)
	if !s.over(c) { // and from now on wake ends the sleep
		<-c.alarm.C
	}
	return !s.over(c)
}

// over reports whether there is nothing more to do for the client.
func (s *server) over(c *client) bool {
	select {
	case <-s.watchdog.stop:
		return true
	default:
		return c.left.Load()
	}
}

// wake ends a long sleep of the client, when its service is over.
func (c *client) wake() {
	if c.alarm != nil {
		c.alarm.Reset(0)
	}
}

// enter makes a client of a connection.
func (s *server) enter(conn net.Conn) *client {
	s.handlers.Add(1)
	c := &client{conn: conn}
	if s.board == nil && s.opts.Interval > maxNap {
		c.alarm = time.NewTimer(s.opts.Interval)
	}
	s.watchdog.enter(c)
	return c
}

// reason returns why a client leaves whose line could not be written.
func reason(err error) clock.Reason {
	if errors.Is(err, os.ErrDeadlineExceeded) {
		return clock.ReasonSlow
	}
	return clock.ReasonClient
}

// leave closes the connection of a client and counts it out, once: the watchdog
// may have done so before its goroutine does. The connection ends with FIN, but
// for a client that takes nothing with a reset, since what waits for it in the
// socket is out of date.
func (s *server) leave(c *client, why clock.Reason) {
	if c.left.Swap(true) {
		return
	}
	s.watchdog.leave(c)
	if tcp, ok := c.conn.(*net.TCPConn); ok && why == clock.ReasonSlow {
		_ = tcp.SetLinger(0)
	} else {
		control(c.conn, accept.DiscardInput)
	}
	_ = c.conn.Close()
	c.wake()
	s.acceptor.Leave(c.conn.RemoteAddr(), why)
}

// control calls f with the file descriptor of a connection, if it has one: a
// net.Pipe has none.
func control(conn net.Conn, f func(fd int)) {
	sc, ok := conn.(syscall.Conn)
	if !ok {
		return
	}
	if raw, err := sc.SyscallConn(); err == nil {
		_ = raw.Control(func(fd uintptr) { f(int(fd)) })
	}
}
