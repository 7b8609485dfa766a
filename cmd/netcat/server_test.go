package main

import (
	"fmt"
	"io"
	"net"
	"testing"
)

// behaviours are what a server can do to its one client.
var behaviours = map[string]func(net.Conn){
	// TICKING writes lines for as long as the client takes them.
	"TICKING": func(conn net.Conn) {
		for i := 1; ; i++ {
			if _, err := fmt.Fprintf(conn, "line %d\n", i); err != nil {
				return
			}
		}
	},
	// ENDING writes three lines and the start of a fourth, and ends.
	"ENDING": func(conn net.Conn) {
		io.WriteString(conn, "line 1\nline 2\nline 3\ntorn")
	},
	// SILENT writes nothing until the client is gone.
	"SILENT": func(conn net.Conn) {
		io.Copy(io.Discard, conn)
	},
}

// A server does the same to each of its clients, and then closes.
type server struct {
	net.Listener
	accepted chan struct{} // receives one for each client
}

func serve(network, address string, behave func(net.Conn)) (*server, error) {
	listener, err := net.Listen(network, address)
	if err != nil {
		return nil, err
	}
	s := &server{listener, make(chan struct{}, 100)}
	go func() {
		for {
			conn, err := s.Accept()
			if err != nil {
				return
			}
			s.accepted <- struct{}{}
			go func() {
				defer conn.Close()
				behave(conn)
			}()
		}
	}()
	return s, nil
}

// closedAddress returns an address where nothing listens.
func closedAddress(t *testing.T) string {
	t.Helper()
	s, err := serve("tcp", "127.0.0.1:0", nil)
	if err != nil {
		t.Fatal(err)
	}
	s.Close()
	return s.Addr().String()
}
