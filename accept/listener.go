package accept

import (
	"context"
	"fmt"
	"net"

	"clock/address"
)

// A ListenConfig says how to open the socket that a server serves. The zero
// value is what most servers want.
type ListenConfig struct {
	// ReusePort lets other processes of the same user listen on the port, too,
	// if all of them say so (SO_REUSEPORT): the kernel gives each client to one
	// of them, at random. It needs a TCP network, and Linux.
	ReusePort bool
}

// Listen opens the socket that a server serves: network is tcp, tcp4, tcp6 or
// unix, addr is host:port, a path, or on Linux @name, an abstract socket.
//
// A socket file that no process listens on, as a killed server leaves behind,
// is replaced; nothing else is ever removed. The listener removes its own
// socket file when it is closed, and only that. An abstract socket has no file.
func (c ListenConfig) Listen(ctx context.Context, network, addr string) (net.Listener, error) {
	if err := address.CheckNetwork(network); err != nil {
		return nil, err
	}
	if network == "unix" {
		if c.ReusePort {
			return nil, fmt.Errorf("listen unix %s: a unix socket has no port to share", addr)
		}
		if err := address.CheckUnix(addr); err != nil {
			return nil, fmt.Errorf("listen unix: %w", err)
		}
		if address.IsAbstract(addr) {
			return listenAbstract(ctx, addr)
		}
		return listenUnix(ctx, addr)
	}
	lc := net.ListenConfig{KeepAlive: -1} // the Acceptor sets it
	// Package net listens for Multipath TCP, too, where a listener takes no
	// TCP_USER_TIMEOUT and every accept goes through another layer of the kernel.
	lc.SetMultipathTCP(false)
	if c.ReusePort {
		lc.Control = reusePort
	}
	return lc.Listen(ctx, network, addr)
}

// Listen opens the socket that a server serves, as [ListenConfig.Listen] does
// with the zero ListenConfig.
func Listen(ctx context.Context, network, addr string) (net.Listener, error) {
	return ListenConfig{}.Listen(ctx, network, addr)
}
