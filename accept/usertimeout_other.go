//go:build !linux

package accept

import (
	"net"
	"time"
)

// setUserTimeout leaves it to the system here.
func setUserTimeout(*net.TCPConn, time.Duration) {}
