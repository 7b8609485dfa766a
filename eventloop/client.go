package eventloop

import (
	"net"
	"time"

	"github.com/panjf2000/gnet/v2"

	"clock"
)

// A client is one connection. Only its loop touches it.
type client struct {
	conn    gnet.Conn
	loop    *loop
	fd      int
	stalled time.Duration // since when it has taken nothing, on the loop's own time; 0: it takes
	why     clock.Reason  // it is being closed
	torn    bool          // gnet was given the rest of a line to send
	left    bool          // its connection is closed
}

// open writes the time to a new client and has the loop schedule it.
func (c *client) open(l *loop, conn gnet.Conn) {
	c.loop, c.conn, c.fd = l, conn, conn.Fd()
	forgetIP(conn.LocalAddr())
	if l.server.opts.MaxPerIP == 0 {
		forgetIP(conn.RemoteAddr())
	}
	wall, mono := l.now()
	c.write(&line{text: l.server.opts.Face.Append(nil, wall), due: wall})
	l.schedule.admit(c, wall, mono)
}

// forgetIP drops the bytes of an address that gnet holds on to and nobody asks
// for: a tenth of a client's memory, with IPv6 a fifth.
func forgetIP(addr net.Addr) {
	if tcp, ok := addr.(*net.TCPAddr); ok {
		tcp.IP = nil
	}
}

// write sends a line to the client, or drops one of the two: the line if the
// client is slow, the client if it has taken nothing for the write timeout.
func (c *client) write(l *line) {
	if c.inFlight() {
		c.stall()
		return
	}
	c.torn = false
	sent, err := c.loop.server.send(c, l.text)
	switch {
	case err != nil:
		c.close(clock.ReasonClient)
	case sent == 0:
		c.stall()
	default:
		c.stalled = 0
		opts := &c.loop.server.opts
		opts.Stats.Sent.Add(1)
		if opts.Observer != nil {
			opts.Observer.Sent(l.due, opts.Wall(time.Now()))
		}
		if sent < len(l.text) {
			c.torn = true
			_, _ = c.conn.Write(l.text[sent:]) // gnet sends the rest when there is room again
		}
	}
}

// inFlight reports whether the rest of a line is still to be sent. gnet would
// keep the next one too, and the next, without a bound.
func (c *client) inFlight() bool {
	return c.torn && c.conn.OutboundBuffered() > 0
}

// stall notes that the client lost a line because it takes nothing.
func (c *client) stall() {
	opts := &c.loop.server.opts
	opts.Stats.Dropped.Add(1)
	_, now := c.loop.now()
	switch {
	case c.stalled == 0:
		c.stalled = now
	case now-c.stalled >= opts.WriteTimeout:
		_ = c.conn.SetLinger(0) // what waits in the socket is out of date
		c.close(clock.ReasonSlow)
	}
}

// close closes the connection, unless gnet has done so on a failed Write.
func (c *client) close(why clock.Reason) {
	if !c.left {
		c.why = why
		_ = c.loop.gnet.Close(c.conn)
	}
}

// closed counts the client out, whose connection is closed.
func (c *client) closed() {
	from := c.conn.RemoteAddr()
	c.left = true
	c.conn = nil
	c.loop.server.acceptor.Leave(from, c.why)
}
