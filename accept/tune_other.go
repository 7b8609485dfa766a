//go:build !linux

package accept

import (
	"net"
	"time"
)

// tuneListener sets nothing here, where it is not known what a connection has
// from its listener.
func (Config) tuneListener(net.Listener) bool { return false }

// setUserTimeout leaves it to the system here.
func setUserTimeout(*net.TCPConn, time.Duration) {}

// setKeepAliveIdle is for those that have the rest from their listener.
func setKeepAliveIdle(*net.TCPConn, time.Duration) {}
