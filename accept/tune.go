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
func (a *Acceptor) tune(conn net.Conn) {
	tcp, isTCP := conn.(*net.TCPConn)
	if isTCP && a.inherit {
		setKeepAliveIdle(tcp, keepAliveIdle())
		return
	}
	if c, ok := conn.(interface {
		SetWriteBuffer(int) error
		SetReadBuffer(int) error
	}); ok {
		if a.config.SendBuffer > 0 {
			_ = c.SetWriteBuffer(a.config.SendBuffer)
		}
		_ = c.SetReadBuffer(clock.ReceiveBuffer)
	}
	if isTCP {
		setUserTimeout(tcp, a.config.userTimeout())
		_ = tcp.SetKeepAliveConfig(net.KeepAliveConfig{
			Enable:   true,
			Idle:     keepAliveIdle(),
			Interval: clock.KeepAliveInterval,
			Count:    clock.KeepAliveCount,
		})
	}
}

// userTimeout returns how long what was sent may stay unacknowledged.
func (c Config) userTimeout() time.Duration { return max(clock.UserTimeout, c.UserTimeout) }

// keepAliveIdle returns the silence after which a connection is probed, in whole
// seconds: another one each time.
func keepAliveIdle() time.Duration {
	return (clock.KeepAliveIdle + rand.N(clock.KeepAliveSpread)).Truncate(time.Second)
}
