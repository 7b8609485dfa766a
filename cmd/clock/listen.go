package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strings"
	"syscall"
)

// listen returns the socket to serve: the one that clock was started with, or
// else one that it opens. Flags that say where to listen would be ignored
// beside the first, and are an error there.
func (c *config) listen(ctx context.Context) (net.Listener, error) {
	ln, err := inherited()
	switch {
	case err != nil:
		return nil, err
	case ln != nil && len(c.where) > 0:
		return nil, fmt.Errorf("systemd passes the socket to serve, %s %s: leave out %s",
			ln.Addr().Network(), ln.Addr(), strings.Join(c.where, ", "))
	case ln != nil:
		return ln, nil
	}
	ln, err = c.socket.Listen(ctx, c.network, c.addr)
	return ln, withHint(err)
}

// withHint adds to an error of Listen, if there is one, what to do about it.
func withHint(err error) error {
	var family *net.AddrError
	switch {
	case errors.Is(err, syscall.EADDRINUSE):
		return fmt.Errorf("%w: choose another -port, 0 for any free one, or -reuseport for all that share it", err)
	case errors.Is(err, syscall.EACCES), errors.Is(err, syscall.EPERM):
		return fmt.Errorf("%w: choose an -addr or -port that this user may have", err)
	case errors.Is(err, syscall.EADDRNOTAVAIL):
		return fmt.Errorf("%w: choose an -addr of this machine", err)
	case errors.As(err, &family):
		return fmt.Errorf("%w: choose an -addr that this -network has, or another -network", err)
	}
	return err
}
