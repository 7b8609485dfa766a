package accept

import (
	"math/rand/v2"
	"net"
	"time"

	"clock"
)

// tune bounds what a client can cost: how much the kernel holds for one that is
// slow or that sends, and how long it waits for one that has vanished. Where the
// system refuses, the client is served all the same.
func (c Config) tune(conn net.Conn) {
	if tcp, ok := conn.(*net.TCPConn); ok {
		c.tuneTCP(tcp)
	} else {
		c.tuneBuffers(conn)
	}
}

// tuneBuffers sets the buffers of a connection that has some.
func (c Config) tuneBuffers(conn net.Conn) {
	buffered, ok := conn.(interface {
		SetWriteBuffer(int) error
		SetReadBuffer(int) error
	})
	if !ok {
		return
	}
	if c.SendBuffer > 0 {
		_ = buffered.SetWriteBuffer(c.SendBuffer)
	}
	_ = buffered.SetReadBuffer(clock.ReceiveBuffer)
}

// userTimeout returns how long what was sent may stay unacknowledged.
func (c Config) userTimeout() time.Duration { return max(clock.UserTimeout, c.UserTimeout) }

// keepAliveIdle returns the silence after which a connection is probed, in whole
// seconds: another one each time.
func keepAliveIdle() time.Duration {
	return (clock.KeepAliveIdle + rand.N(clock.KeepAliveSpread)).Truncate(time.Second)
}
