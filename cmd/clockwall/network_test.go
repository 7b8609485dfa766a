package main

import (
	"context"
	"io"
	"net"
	"os"
	"strings"
	"sync"
	"syscall"
	"time"
)

// A session is what a server does with one connection before it closes it. No
// session is a connection refused.
type session func(net.Conn)

// A network has, for each address, the sessions that come one after the other
// there; the last one comes again and again. It works inside a synctest bubble.
type network struct {
	mu       sync.Mutex // guards sessions
	sessions map[string][]session
	running  sync.WaitGroup
}

func (n *network) dial(ctx context.Context, _, address string) (net.Conn, error) {
	n.mu.Lock()
	sessions := n.sessions[address]
	session := sessions[0]
	if len(sessions) > 1 {
		n.sessions[address] = sessions[1:]
	}
	n.mu.Unlock()

	if session == nil {
		return nil, &net.OpError{Op: "dial", Err: os.NewSyscallError("connect", syscall.ECONNREFUSED)}
	}
	client, server := net.Pipe()
	n.running.Go(func() {
		defer server.Close()
		session(server)
	})
	return client, nil
}

// ticks writes count lines, interval apart, the first one at once. The clock
// is fast by skew.
func ticks(count int, interval, skew time.Duration) session {
	return func(conn net.Conn) {
		for i := range count {
			if i > 0 {
				time.Sleep(interval)
			}
			io.WriteString(conn, time.Now().Add(skew).UTC().Format("15:04:05\n"))
		}
	}
}

// sends writes text.
func sends(text string) session {
	return func(conn net.Conn) { io.WriteString(conn, text) }
}

// waits does nothing for a while.
func waits(d time.Duration) session {
	return func(net.Conn) { time.Sleep(d) }
}

// hangs does nothing until the client is gone.
func hangs(conn net.Conn) { io.Copy(io.Discard, conn) }

// then is one session after the other, on one connection.
func then(sessions ...session) session {
	return func(conn net.Conn) {
		for _, s := range sessions {
			s(conn)
		}
	}
}

// unindent strips the tabs before each line, for texts inside of code.
func unindent(text string) string {
	var b strings.Builder
	for line := range strings.Lines(strings.TrimPrefix(text, "\n")) {
		b.WriteString(strings.TrimLeft(line, "\t"))
	}
	return b.String()
}
