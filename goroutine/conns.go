package goroutine

import (
	"errors"
	"net"
	"os"
	"syscall"
	"time"

	"clock"
)

// A client is one connection.
type client struct {
	net.Conn
	took time.Time // when it last took something
}

// write hands a line to the kernel. A client that has no room for it within an
// interval loses it, as a newer one is due; but a line once begun is finished.
// One that takes nothing for the write timeout ends in an error.
func (s *server) write(c *client, line []byte) error {
	for begun := false; ; {
		now := time.Now()
		if err := c.SetWriteDeadline(now.Add(min(s.Interval, s.WriteTimeout))); err != nil {
			return err
		}
		n, err := c.Write(line)
		if err == nil {
			c.took = now
			s.Stats.Sent.Add(1)
			return nil
		}
		if n > 0 {
			c.took, line, begun = time.Now(), line[n:], true
		}
		switch {
		case !errors.Is(err, os.ErrDeadlineExceeded), time.Since(c.took) >= s.WriteTimeout:
			return err
		case !begun:
			s.Stats.Dropped.Add(1)
			return nil
		}
	}
}

// enter notes a connection, for interrupt.
func (s *server) enter(conn net.Conn) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.conns[conn] = struct{}{}
}

// drain waits for every client to leave. Lines in flight have the drain time;
// then every write in progress is ended.
func (s *server) drain() {
	empty := s.door.Empty()
	select {
	case <-empty:
		return
	case <-time.After(s.Drain):
	}
	s.mu.Lock()
	for conn := range s.conns {
		_ = conn.SetWriteDeadline(time.Unix(1, 0))
	}
	s.mu.Unlock()
	<-empty
}

// leave closes a connection that was served until err: with FIN when the
// server stops, with a reset for a client that takes nothing, since what waits
// for it in the socket is out of date.
func (s *server) leave(conn net.Conn, err error) {
	why := clock.ReasonClient
	switch {
	case err == nil:
		why = clock.ReasonShutdown
		discardInput(conn)
	case errors.Is(err, os.ErrDeadlineExceeded):
		why = clock.ReasonSlow
		if tcp, ok := conn.(*net.TCPConn); ok {
			_ = tcp.SetLinger(0)
		}
	}
	_ = conn.Close()
	s.mu.Lock()
	delete(s.conns, conn)
	s.mu.Unlock()
	s.door.Leave(why)
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
