//go:build !unix

package eventloop

import (
	"io"
	"net"
)

// newPipe returns a pipe and the connection that hears what is written to it:
// here the two ends of a TCP connection.
func newPipe() (io.WriteCloser, net.Conn, error) {
	ln, err := net.Listen("tcp", "localhost:0")
	if err != nil {
		return nil, nil, err
	}
	defer ln.Close()
	outer, err := net.Dial("tcp", ln.Addr().String())
	if err != nil {
		return nil, nil, err
	}
	inner, err := ln.Accept()
	if err != nil {
		_ = outer.Close()
		return nil, nil, err
	}
	return outer, inner, nil
}
