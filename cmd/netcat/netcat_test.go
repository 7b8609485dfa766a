package main

import (
	"context"
	"io"
	"net"
	"os"
	"strings"
	"testing"
	"time"
)

// Each part must have come out of netcat before the server writes the next,
// so this hangs if netcat holds anything back.
func TestWritesAtOnce(t *testing.T) {
	parts := make(chan string, 1)
	address := start(t, func(conn net.Conn) {
		for part := range parts {
			io.WriteString(conn, part)
		}
	})
	cmd := command(t, address)
	for _, part := range []string{"line 1\n", "line", " 2\n", "torn"} {
		parts <- part
		cmd.prints(part)
	}
	close(parts)
	cmd.exits(0, "")
}

func TestReset(t *testing.T) {
	printed := make(chan struct{})
	address := start(t, func(conn net.Conn) {
		io.WriteString(conn, "line 1\n")
		<-printed
		conn.(*net.TCPConn).SetLinger(0)
	})
	cmd := command(t, address)
	cmd.prints("line 1\n")
	close(printed)
	cmd.exits(1, "netcat: lost the connection to "+address+": connection reset by peer\n")
}

// Output that nobody takes, as that of "netcat | sleep 1000", must not keep
// netcat from ending.
func TestEndsWhileOutputIsStuck(t *testing.T) {
	stuck := make(chan struct{})
	cmd := command(t, start(t, func(conn net.Conn) {
		// Netcat has stopped reading when it does not take this any more.
		conn.SetWriteDeadline(time.Now().Add(500 * time.Millisecond))
		for line := make([]byte, 1<<20); ; {
			if _, err := conn.Write(line); err != nil {
				close(stuck)
				return
			}
		}
	}))
	<-stuck
	cmd.interrupt()
	cmd.exits(0, "")
}

// start starts a server for the time of the test and returns its address.
func start(t *testing.T, behave func(net.Conn)) string {
	t.Helper()
	s, err := serve("tcp", "127.0.0.1:0", behave)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s.Addr().String()
}

// A netcatTest is netcat at work, inside the test.
type netcatTest struct {
	*testing.T
	output    *os.File
	stderr    strings.Builder
	code      chan int
	interrupt context.CancelFunc
}

// command starts netcat.
func command(t *testing.T, args ...string) *netcatTest {
	t.Helper()
	output, stdout, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	output.SetReadDeadline(time.Now().Add(10 * time.Second))
	ctx, cancel := context.WithCancel(context.Background())
	n := &netcatTest{T: t, output: output, code: make(chan int, 1), interrupt: cancel}
	go func() { n.code <- run(ctx, args, stdout, &n.stderr) }()
	t.Cleanup(func() {
		cancel()
		output.Close() // ends a write that netcat left behind
		stdout.Close()
	})
	return n
}

// prints waits until netcat has printed text.
func (n *netcatTest) prints(text string) {
	n.Helper()
	got := make([]byte, len(text))
	if k, err := io.ReadFull(n.output, got); err != nil {
		n.Fatalf("got %q: %v; want %q", got[:k], err, text)
	}
	if string(got) != text {
		n.Fatalf("got %q, want %q", got, text)
	}
}

// exits waits until netcat has ended.
func (n *netcatTest) exits(code int, stderr string) {
	n.Helper()
	select {
	case got := <-n.code:
		if got != code || n.stderr.String() != stderr {
			n.Errorf("exit code %d, stderr %q; want %d, %q", got, n.stderr.String(), code, stderr)
		}
	case <-time.After(10 * time.Second):
		n.Fatal("netcat does not end")
	}
}
