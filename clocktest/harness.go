package clocktest

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"clock"
	"clock/accept"
)

const (
	// layout names instants to the nanosecond, so that two lines differ
	// unless they are the same.
	layout = "2006-01-02T15:04:05.000000000"

	// tick is the interval where nothing else matters: short, so that the
	// suite is.
	tick = 20 * time.Millisecond

	// patience is how long a test waits for what must happen, such as the next
	// line. It is long because running out of it is a failure.
	patience = 30 * time.Second
)

// A suite is a Config on one network.
type suite struct {
	Config
	network string
}

// A running server.
type server struct {
	net.Addr
	*clock.Stats
	stop   context.CancelFunc
	served chan error // gets Serve's result
}

// serve starts a server with the suite's ticker, and UTC and the layout of this
// package unless there is a face, and stops it at the end of the test.
func (s suite) serve(t *testing.T, o clock.Options) *server {
	t.Helper()
	return s.serveOn(t, s.listen(t), o)
}

func (s suite) serveOn(t *testing.T, ln net.Listener, o clock.Options) *server {
	t.Helper()
	if o.Face == (clock.Face{}) {
		o.Face = clock.Face{Layout: layout, Zone: time.UTC}
	}
	o.Ticker = s.Ticker
	o.Stats = new(clock.Stats)
	ctx, stop := context.WithCancel(context.Background())
	srv := &server{Addr: ln.Addr(), Stats: o.Stats, stop: stop, served: make(chan error, 1)}
	go func() { srv.served <- s.New(o).Serve(ctx, ln) }()
	t.Cleanup(func() {
		stop()
		select {
		case err := <-srv.served:
			if err != nil {
				t.Errorf("Serve = %v, want nil after its context was done", err)
			}
		case <-time.After(patience):
			t.Error("Serve does not return")
		}
	})
	return srv
}

// result takes Serve's result before the end of the test.
func (s *server) result(t *testing.T) error {
	t.Helper()
	select {
	case err := <-s.served:
		s.served <- nil // for the cleanup
		return err
	case <-time.After(patience):
		t.Fatal("Serve does not return")
		return nil
	}
}

func (s suite) listen(t *testing.T) net.Listener {
	t.Helper()
	addr := map[string]string{
		"tcp4": "127.0.0.1:0",
		"tcp6": "[::1]:0",
		"unix": filepath.Join(t.TempDir(), "clock"), // t.TempDir may be too long for a socket
	}[s.network]
	ln, err := accept.Listen(t.Context(), s.network, addr)
	if err != nil {
		t.Fatal(err)
	}
	return ln
}

// A client of the server.
type client struct {
	net.Conn
	*bufio.Reader
}

func (c client) Read(b []byte) (int, error) { return c.Reader.Read(b) }

// dial connects a client, and closes it at the end of the test.
func (s *server) dial(t *testing.T) client {
	t.Helper()
	return s.dialWith(t, net.Dialer{Timeout: patience})
}

func (s *server) dialWith(t *testing.T, dialer net.Dialer) client {
	t.Helper()
	conn, err := dialer.Dial(s.Network(), s.String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	return client{conn, bufio.NewReaderSize(conn, len(layout)+1)}
}

// line reads one line and returns the instant that it names.
func (c client) line(t *testing.T) time.Time {
	t.Helper()
	at, err := c.next()
	if err != nil {
		t.Fatal(err)
	}
	return at
}

func (c client) next() (time.Time, error) {
	if err := c.SetReadDeadline(time.Now().Add(patience)); err != nil {
		return time.Time{}, err
	}
	s, err := c.ReadString('\n')
	if err != nil {
		return time.Time{}, err
	}
	return time.Parse(layout, strings.TrimSuffix(s, "\n"))
}

// lines reads n lines.
func (c client) lines(t *testing.T, n int) []time.Time {
	t.Helper()
	at := make([]time.Time, n)
	for i := range at {
		at[i] = c.line(t)
	}
	return at
}

// rest reads until the connection ends, and returns what ended it: nil for FIN
// after a whole line.
func (c client) rest() error {
	var last time.Time
	for {
		at, err := c.next()
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return err
		case !at.After(last):
			return errors.New("a line is older than the one before it, or the same")
		}
		last = at
	}
}

// eventually waits for a condition, polling it.
func eventually(t *testing.T, what string, is func() bool) {
	t.Helper()
	for deadline := time.Now().Add(patience); !is(); time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("%s: not within %v", what, patience)
		}
	}
}
