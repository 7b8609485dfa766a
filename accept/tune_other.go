//go:build !linux

package accept

import (
	"net"

	"clock"
)

// tuneListener sets nothing here, where it is not known what a connection has
// from its listener.
func (Config) tuneListener(net.Listener) {}

// tuneTCP sets what the system knows; there is no user timeout here.
func (c Config) tuneTCP(conn *net.TCPConn) {
	c.tuneBuffers(conn)
	_ = conn.SetKeepAliveConfig(net.KeepAliveConfig{
		Enable:   true,
		Idle:     keepAliveIdle(),
		Interval: clock.KeepAliveInterval,
		Count:    clock.KeepAliveCount,
	})
}
