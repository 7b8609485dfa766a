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

// A client is one connection.
type client struct {
	net.Conn
	number  uint64
	writing atomic.Int64 // the lap in which the write under way began; 0: none is
	took    int64        // the lap of its last write that took something
	alarm   *time.Timer  // ends its sleep; nil if that is short
	left    atomic.Bool  // its connection is closed
}

// enter makes a client of a connection.
func (s *server) enter(conn net.Conn) *client {
	c := &client{Conn: conn, took: s.lap.Load()}
	if s.board == nil && s.Interval > maxNap {
		c.alarm = time.NewTimer(s.Interval)
	}
	s.handlers.Add(1)
	s.mu.Lock()
	s.entered++
	c.number = s.entered
	s.clients[c.number] = c
	s.mu.Unlock()
	s.hangups.watch(conn, c.number)
	return c
}

// sleep is time.Sleep, unless the server stops or the client has left: false.
func (s *server) sleep(c *client) bool {
	if c.alarm == nil {
		time.Sleep(s.Interval)
		return !s.over(c)
	}
	c.alarm.Reset(s.Interval)
	if !s.over(c) { // and from now on wake ends the sleep
		<-c.alarm.C
	}
	return !s.over(c)
}

// wake ends a long sleep of the client, when its service is over.
func (c *client) wake() {
	if c.alarm != nil {
		c.alarm.Reset(0)
	}
}

// over reports whether there is nothing more to do for the client.
func (s *server) over(c *client) bool {
	select {
	case <-s.stop:
		return true
	default:
		return c.left.Load()
	}
}

// write hands a line to the kernel, and waits while there is no room for it.
// When the watchdog ends the wait, the client loses the line, as a newer one is
// due; but a line once begun is finished. A client that takes nothing for the
// write timeout ends in an error. The observer is told for when the line was due.
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

// reason returns why a client leaves that was served until err.
func reason(err error) clock.Reason {
	switch {
	case err == nil:
		return clock.ReasonShutdown
	case errors.Is(err, os.ErrDeadlineExceeded):
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
	s.mu.Lock()
	delete(s.clients, c.number)
	delete(s.halfClosed, c.number)
	s.mu.Unlock()
	if tcp, ok := c.Conn.(*net.TCPConn); ok && why == clock.ReasonSlow {
		_ = tcp.SetLinger(0)
	} else {
		control(c.Conn, clock.DiscardInput)
	}
	_ = c.Close()
	c.wake()
	s.door.Leave(c.RemoteAddr(), why)
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
