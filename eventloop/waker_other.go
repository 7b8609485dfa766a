//go:build !unix

package eventloop

import "net"

// A button is the outer socket of a doorbell: here of a TCP connection.
type button struct{ net.Conn }

// newButton returns a button and the connection that it makes readable.
func newButton() (button, net.Conn, error) {
	ln, err := net.Listen("tcp", "localhost:0")
	if err != nil {
		return button{}, nil, err
	}
	defer ln.Close()
	outer, err := net.Dial("tcp", ln.Addr().String())
	if err != nil {
		return button{}, nil, err
	}
	inner, err := ln.Accept()
	if err != nil {
		_ = outer.Close()
		return button{}, nil, err
	}
	return button{outer}, inner, nil
}

func (b button) press() { _, _ = b.Write([]byte{0}) }

func (b button) close() { _ = b.Close() }
