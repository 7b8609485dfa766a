package load

import (
	"context"
	"errors"
	"fmt"
	"net"
	"time"

	"clock"
)

// probe connects once, from the first of the sources, to learn the server's address, and that it is a clock
// with these lines: better now than with thousands of clients.
func probe(ctx context.Context, c Config) (net.Addr, error) {
	ctx, cancel := context.WithTimeout(ctx, clock.DialTimeout)
	defer cancel()
	d := net.Dialer{LocalAddr: c.localAddr(0)}
	conn, err := d.DialContext(ctx, c.Network, c.Addr)
	if err != nil {
		return nil, fmt.Errorf("no server at %s: %s", c.Addr, clock.Cause(err))
	}
	defer conn.Close()
	deadline, _ := ctx.Deadline()
	if err := conn.SetReadDeadline(deadline); err != nil {
		return nil, err
	}
	defer context.AfterFunc(ctx, func() { conn.SetReadDeadline(time.Unix(1, 0)) })()
	line, err := firstLine(conn)
	var timeout net.Error
	switch {
	case ctx.Err() == context.Canceled:
		return nil, ctx.Err()
	case errors.As(err, &timeout) && timeout.Timeout():
		return nil, fmt.Errorf("no line from %s within %v: a clock server writes one at once", c.Addr, clock.DialTimeout)
	case err != nil:
		return nil, fmt.Errorf("no line from %s: %s", c.Addr, clock.Cause(err))
	}
	if _, ok := newParser(c.Face, c.Interval).parse(line, time.Now().UnixNano()); !ok {
		return nil, fmt.Errorf("%s is no clock of this layout: its line %q is no time in %q; give its -layout and -tz", c.Addr, line, c.Face.Layout)
	}
	return conn.RemoteAddr(), nil
}

// firstLine reads a line, or as much as can be one.
func firstLine(conn net.Conn) ([]byte, error) {
	line := make([]byte, 0, clock.MaxLine)
	for len(line) < clock.MaxLine {
		n, err := conn.Read(line[len(line) : len(line)+1])
		line = line[:len(line)+n]
		if n > 0 && line[len(line)-1] == '\n' {
			return line[:len(line)-1], nil
		}
		if err != nil {
			return line, err
		}
	}
	return line, nil
}
