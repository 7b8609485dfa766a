//go:build linux && faults

package faults

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// clientRole is the environment variable that makes this program a client of
// the address that it has, in a process of its own that can be stopped.
const clientRole = "CLOCK_FAULTS_CLIENT"

// readLines is that client: small, so that it is soon slow. It reads until the
// connection ends, says what has ended it, and returns the exit code.
func readLines(addr string) int {
	conn, err := smallDialer.Dial("tcp", addr)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	fmt.Fprintln(os.Stderr, "reading")
	_, err = io.Copy(io.Discard, conn)
	fmt.Fprintln(os.Stderr, err)
	return 0
}

// A client is one of a server's clients. It remembers its last line.
type client struct {
	net.Conn
	*bufio.Reader
	layout string
	last   time.Time
}

func (c *client) Read(b []byte) (int, error) { return c.Reader.Read(b) }

// dial connects a client, and closes it at the end of the test.
func (p *process) dial(t *testing.T) *client {
	t.Helper()
	return p.dialWith(t, net.Dialer{Timeout: patience})
}

// dialFrom connects a client from a source address.
func (p *process) dialFrom(t *testing.T, ip string) *client {
	t.Helper()
	return p.dialWith(t, net.Dialer{Timeout: patience, LocalAddr: &net.TCPAddr{IP: net.ParseIP(ip)}})
}

// dialSmall connects a client that takes few lines before it is slow.
func (p *process) dialSmall(t *testing.T) *client {
	t.Helper()
	return p.dialWith(t, smallDialer)
}

func (p *process) dialWith(t *testing.T, dialer net.Dialer) *client {
	t.Helper()
	var conn net.Conn
	var err error
	p.place.do(func() { conn, err = dialer.Dial(p.network, p.addr) })
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	return newClient(conn)
}

// newClient makes a client of a connection.
func newClient(conn net.Conn) *client {
	return &client{Conn: conn, Reader: bufio.NewReaderSize(conn, 512), layout: layout}
}

// smallDialer dials for a client that takes few lines before it is slow.
var smallDialer = dialerWith(smallBuffer)

// smallBuffer, in bytes, is the smallest receive buffer that Linux gives.
const smallBuffer = 2304

// dialerWith gives a socket a receive buffer of so many bytes before it
// connects. Later is too late: the server has been offered a large window by
// then.
func dialerWith(buffer int) net.Dialer {
	return net.Dialer{Timeout: patience, Control: func(_, _ string, conn syscall.RawConn) error {
		var err error
		if e := conn.Control(func(fd uintptr) {
			err = unix.SetsockoptInt(int(fd), unix.SOL_SOCKET, unix.SO_RCVBUF, buffer)
		}); e != nil {
			return e
		}
		return err
	}}
}

// unread returns the number of bytes that wait in the socket of a client.
func (c *client) unread(t *testing.T) (n int) {
	t.Helper()
	raw, err := c.Conn.(syscall.Conn).SyscallConn()
	if err != nil {
		t.Fatal(err)
	}
	if e := raw.Control(func(fd uintptr) { n, err = unix.IoctlGetInt(int(fd), unix.TIOCINQ) }); e != nil || err != nil {
		t.Fatal(e, err)
	}
	return n
}

// next reads a line, waiting for it as long as patience, and returns the
// instant that it names. A line that is torn, older than the last one or the
// same is an error; io.EOF says that the connection has ended after a whole one.
func (c *client) next() (time.Time, error) {
	if err := c.SetReadDeadline(time.Now().Add(patience)); err != nil {
		return time.Time{}, err
	}
	line, err := c.ReadString('\n')
	if err != nil {
		if line != "" && errors.Is(err, io.EOF) {
			err = fmt.Errorf("the connection ends in the middle of a line: %q", line)
		}
		return time.Time{}, err
	}
	at, err := time.Parse(c.layout, strings.TrimSuffix(line, "\n"))
	if err != nil {
		return time.Time{}, fmt.Errorf("a torn line: %w", err)
	}
	if !at.After(c.last) {
		return at, fmt.Errorf("a line for %v after one for %v", at, c.last)
	}
	c.last = at
	return at, nil
}

// line reads one line and returns the instant that it names.
func (c *client) line(t *testing.T) time.Time {
	t.Helper()
	at, err := c.next()
	if err != nil {
		t.Fatal(err)
	}
	return at
}

// lines reads n lines.
func (c *client) lines(t *testing.T, n int) []time.Time {
	t.Helper()
	at := make([]time.Time, n)
	for i := range at {
		at[i] = c.line(t)
	}
	return at
}

// rest reads until the connection ends, and returns what ended it: nil for FIN
// after whole lines in order.
func (c *client) rest() error {
	for {
		if _, err := c.next(); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
	}
}

// A watch is a client that reads all the time, and what it has seen.
type watch struct {
	lines []time.Time // the instants that its lines named
	err   error       // what ended it; nil for FIN after a whole line
	done  chan struct{}
}

// watch reads lines until the connection ends, or end is called.
func (c *client) watch() *watch {
	w := &watch{done: make(chan struct{})}
	go func() {
		defer close(w.done)
		for {
			at, err := c.next()
			if err != nil {
				if !errors.Is(err, io.EOF) {
					w.err = err
				}
				return
			}
			w.lines = append(w.lines, at)
		}
	}()
	return w
}

// watchNew connects n clients, each of which reads all the time once it has its
// first line.
func (p *process) watchNew(t *testing.T, n int) ([]*client, []*watch) {
	t.Helper()
	clients, watches := make([]*client, n), make([]*watch, n)
	for i := range clients {
		clients[i] = p.dial(t)
		clients[i].line(t)
		watches[i] = clients[i].watch()
	}
	return clients, watches
}

// seen closes the client's connection and returns the instants that its lines
// named. That the connection had ended before is a failure of the test.
func (w *watch) seen(t *testing.T, c *client) []time.Time {
	t.Helper()
	select {
	case <-w.done:
		t.Errorf("the connection has ended after %d lines: %v", len(w.lines), w.err)
	default:
	}
	_ = c.Close()
	<-w.done
	if w.err != nil && !errors.Is(w.err, net.ErrClosed) {
		t.Error(w.err)
	}
	return w.lines
}

// checkNoneMissing demands that no line is missing between two, given the
// interval: a machine too busy for an interval fails it too, so let it be long.
func checkNoneMissing(t *testing.T, lines []time.Time, interval time.Duration) {
	t.Helper()
	for i := 1; i < len(lines); i++ {
		if gap := lines[i].Sub(lines[i-1]); gap >= 2*interval {
			t.Errorf("line %d of %d, for %v, comes %v after the last, want one every %v", i, len(lines), lines[i], gap, interval)
		}
	}
}

// checkNoBurst demands that lines name instants an interval apart or more. The
// tolerance is for reading two clocks one after the other.
func checkNoBurst(t *testing.T, lines []time.Time, interval time.Duration) {
	t.Helper()
	for i := 1; i < len(lines); i++ {
		if gap := lines[i].Sub(lines[i-1]); gap < interval*3/4 {
			t.Errorf("line %d of %d, for %v, comes %v after the last, want at least %v", i, len(lines), lines[i], gap, interval)
		}
	}
}
