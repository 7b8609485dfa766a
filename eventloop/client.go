package eventloop

import (
	"net"
	"time"

	"github.com/panjf2000/gnet/v2"

	"clock"
)

// A clientConn is one client. Once it is enrolled, only its loop touches it.
type clientConn struct {
	gnet.Conn
	loop    *loop
	fd      int
	shown   int64         // burst: the tick that the client was last shown, Unix ns
	due     time.Duration // on the loop's own time: when its next line is due (spread), or since when any is (burst)
	stalled time.Duration // since when it has taken nothing, on the loop's own time; 0: it takes
	why     clock.Reason  // it is being closed
	passed  bool          // spread: it lost its last line, because a newer one was due
	torn    bool          // gnet was given a line to finish
	gone    bool          // it is closed
}

// opened greets the client with the time and puts it in its loop's queue.
func (c *clientConn) opened(l *loop, conn gnet.Conn) {
	c.loop, c.Conn, c.fd = l, conn, conn.Fd()
	forgetIP(conn.LocalAddr())
	if l.MaxPerIP == 0 {
		forgetIP(conn.RemoteAddr())
	}
	wall, mono := l.now()
	c.deliver(&notice{tick: wall, line: l.Face.Append(nil, wall)})
	l.schedule.admit(c, wall, mono)
	l.queue.push(c)
}

// forgetIP drops the bytes of an address that gnet holds on to and nobody asks
// for: a tenth of a client's memory, with IPv6 a fifth.
func forgetIP(addr net.Addr) {
	if tcp, ok := addr.(*net.TCPAddr); ok {
		tcp.IP = nil
	}
}

func (c *clientConn) readable() {}

func (c *clientConn) closed() {
	from := c.RemoteAddr()
	c.gone = true
	c.Conn = nil
	c.loop.door.Leave(from, c.why)
}

// deliver sends a line to the client, or drops one of the two: the line if the
// client is slow, the client if it has taken nothing for the write timeout.
func (c *clientConn) deliver(n *notice) {
	if c.inFlight() {
		c.stall()
		return
	}
	c.torn = false
	sent, err := c.loop.send(c, n.line)
	switch {
	case err != nil:
		c.close(clock.ReasonClient)
	case sent == 0:
		c.stall()
	default:
		c.stalled = 0
		c.loop.Stats.Sent.Add(1)
		if o := c.loop.Observer; o != nil {
			o.Sent(n.tick, c.loop.Wall(time.Now()))
		}
		if sent < len(n.line) {
			c.torn = true
			_, _ = c.Write(n.line[sent:]) // gnet sends the rest when there is room again
		}
	}
}

// inFlight reports whether the rest of a line is still to be sent. gnet would
// keep the next one too, and the next, without a bound.
func (c *clientConn) inFlight() bool {
	return c.torn && c.OutboundBuffered() > 0
}

// stall notes that the client lost a line because it takes nothing.
func (c *clientConn) stall() {
	c.loop.Stats.Dropped.Add(1)
	_, now := c.loop.now()
	switch {
	case c.stalled == 0:
		c.stalled = now
	case now-c.stalled >= c.loop.WriteTimeout:
		_ = c.SetLinger(0) // what waits in the socket is out of date
		c.close(clock.ReasonSlow)
	}
}

// close closes the connection, unless gnet has done so on a failed Write.
func (c *clientConn) close(why clock.Reason) {
	if !c.gone {
		c.why = why
		_ = c.loop.el.Close(c.Conn)
	}
}
