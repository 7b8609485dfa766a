package load

import (
	"context"
	"errors"
	"fmt"
	"net"
	"time"

	"clock"
	"clock/address"
)

// A greeting is a connection with the first line that came over it.
type greeting struct {
	conn            net.Conn
	line            []byte // with its newline
	called, arrival int64  // as of a client
}

// greet connects the first client, to learn the server's address, and that it
// is a clock with these lines: better now than with thousands of clients. The
// client stays. One that left would still have its place with a server that
// does not read, until lines come back, and a place is what others may lack.
func greet(ctx context.Context, c Config) (g *greeting, err error) {
	ctx, cancel := context.WithTimeout(ctx, address.DialTimeout)
	defer cancel()
	d := net.Dialer{LocalAddr: c.localAddr(0)}
	called := time.Now().UnixNano()
	conn, err := d.DialContext(ctx, c.Network, c.Addr)
	if err != nil {
		return nil, fmt.Errorf("no server at %s: %s", c.Addr, address.Cause(err))
	}
	defer func() {
		if err != nil {
			conn.Close()
		}
	}()
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
		return nil, fmt.Errorf("no line from %s within %v: a clock server writes one at once", c.Addr, address.DialTimeout)
	case err != nil:
		return nil, fmt.Errorf("no line from %s: %s", c.Addr, address.Cause(err))
	}
	arrival := time.Now().UnixNano()
	if err := c.checkLine(line, arrival); err != nil {
		return nil, err
	}
	if err := conn.SetReadDeadline(time.Time{}); err != nil {
		return nil, err
	}
	return &greeting{conn, append(line, '\n'), called, arrival}, nil
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
