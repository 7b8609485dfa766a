package admin

import (
	"net"
	"sync"

	"clock"
)

// A listener lets the clients of the admin server in by the same door as those
// of the clock: so many at once, and no end of the loop on an accept error.
type listener struct {
	net.Listener
	door *clock.Admission
}

// Accept returns the next connection that is let in. Closing it, which net/http
// does more than once, makes room for another.
func (l listener) Accept() (net.Conn, error) {
	c, err := l.door.Accept()
	if err != nil {
		return nil, err
	}
	leave := sync.OnceFunc(func() { l.door.Leave(c.RemoteAddr(), clock.ReasonClient) })
	return &conn{c, leave}, nil
}

type conn struct {
	net.Conn
	leave func()
}

func (c *conn) Close() error {
	defer c.leave()
	return c.Conn.Close()
}
