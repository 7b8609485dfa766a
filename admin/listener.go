package admin

import (
	"net"
	"sync"

	"clock"
	"clock/accept"
)

// A listener accepts the clients of the admin server as those of the clock are
// accepted: so many at once, and no error of a busy machine ends the loop.
type listener struct {
	net.Listener
	acceptor *accept.Acceptor
}

// Accept returns the next connection that is accepted. Closing it, which net/http
// does more than once, makes room for another.
func (l listener) Accept() (net.Conn, error) {
	c, err := l.acceptor.Accept()
	if err != nil {
		return nil, err
	}
	leave := sync.OnceFunc(func() { l.acceptor.Leave(c.RemoteAddr(), clock.ReasonClient) })
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
