package floor_test

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"clock"
	"clock/accept"
	"clock/bench/floor"
)

const (
	layout   = "2006-01-02T15:04:05.000000000"
	interval = 20 * time.Millisecond
	patience = 30 * time.Second // how long a test waits for what must happen
)

// serve starts a floor on ln and returns what stops it and returns its error.
func serve(t *testing.T, ln net.Listener, interval time.Duration) (stop func() error) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	s := &floor.Server{Face: clock.Face{Layout: layout, Zone: time.UTC}, Interval: interval}
	served := make(chan error, 1)
	go func() { served <- s.Serve(ctx, ln) }()
	stop = sync.OnceValue(func() error {
		cancel()
		return <-served
	})
	t.Cleanup(func() {
		if err := stop(); err != nil {
			t.Errorf("Serve = %v", err)
		}
	})
	return stop
}

func listen(t *testing.T, network, addr string) net.Listener {
	t.Helper()
	ln, err := accept.Listen(t.Context(), network, addr)
	if err != nil {
		t.Fatal(err)
	}
	return ln
}

// A client of the floor.
type client struct {
	net.Conn
	lines *bufio.Reader
}

func dial(t *testing.T, addr net.Addr) client {
	t.Helper()
	conn, err := net.DialTimeout(addr.Network(), addr.String(), patience)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	if err := conn.SetDeadline(time.Now().Add(patience)); err != nil {
		t.Fatal(err)
	}
	return client{conn, bufio.NewReaderSize(conn, 64)}
}

// next reads a line and returns the instant that it names.
func (c client) next() (time.Time, error) {
	line, err := c.lines.ReadString('\n')
	if err != nil {
		return time.Time{}, err
	}
	return time.Parse(layout, strings.TrimSuffix(line, "\n"))
}

// follow reads n lines: the first, and then ticks that only go up.
func (c client) follow(n int) error {
	last, err := c.next()
	for range n - 1 {
		var at time.Time
		if at, err = c.next(); err != nil {
			return err
		}
		switch {
		case !at.After(last):
			return errors.New("a line is older than the one before it, or the same")
		case !at.Equal(at.Truncate(interval)):
			return errors.New("a line does not name a tick")
		}
		last = at
	}
	return err
}

func TestFirstLineComesAtOnce(t *testing.T) {
	for network, addr := range map[string]string{"tcp": "127.0.0.1:0", "unix": filepath.Join(t.TempDir(), "floor")} {
		t.Run(network, func(t *testing.T) {
			ln := listen(t, network, addr)
			serve(t, ln, time.Hour)
			at, err := dial(t, ln.Addr()).next()
			if off := time.Since(at).Abs(); err != nil || off > patience {
				t.Errorf("the first line names %v, %v", at, err)
			}
		})
	}
}

func TestEachClientHasItsLines(t *testing.T) {
	ln := listen(t, "tcp", "127.0.0.1:0")
	serve(t, ln, interval)
	var clients errgroup.Group
	for range 300 {
		c := dial(t, ln.Addr())
		clients.Go(func() error { return c.follow(10) })
	}
	if err := clients.Wait(); err != nil {
		t.Error(err)
	}
}

func TestClientsComeAndGo(t *testing.T) {
	ln := listen(t, "tcp", "127.0.0.1:0")
	serve(t, ln, interval)
	loyal := dial(t, ln.Addr())
	if err := loyal.follow(2); err != nil {
		t.Fatal(err)
	}
	before := openFiles(t)
	for range 5 {
		var visitors errgroup.Group
		for i := range 40 {
			c := dial(t, ln.Addr())
			visitors.Go(func() error {
				defer c.Close()
				return c.follow(1 + i%3)
			})
		}
		if err := visitors.Wait(); err != nil {
			t.Error(err)
		}
	}
	if err := loyal.follow(3); err != nil {
		t.Errorf("the client that stayed: %v", err)
	}
	// Their connections are closed too, with lines that nobody takes.
	for deadline := time.Now().Add(patience); openFiles(t) > before; time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("%d files are open after the visit, %d before", openFiles(t), before)
		}
	}
}

func TestStalledClientHoldsNobodyUp(t *testing.T) {
	ln := listen(t, "tcp", "127.0.0.1:0")
	setBuffer(t, ln.(syscall.Conn), syscall.SO_SNDBUF) // which its connections inherit
	serve(t, ln, time.Millisecond)
	stalled := dial(t, ln.Addr())
	setBuffer(t, stalled.Conn.(syscall.Conn), syscall.SO_RCVBUF)
	var lively errgroup.Group
	for range runtime.GOMAXPROCS(0) { // one of them on the stalled one's thread
		c := dial(t, ln.Addr())
		lively.Go(func() error {
			for range 1000 { // more than the buffers hold, by far
				if _, err := c.next(); err != nil {
					return err
				}
			}
			return nil
		})
	}
	if err := lively.Wait(); err != nil {
		t.Fatalf("a client beside the stalled one: %v", err)
	}
	var last time.Time
	lines := 0
	for ; lines < 10; lines++ {
		at, err := stalled.next()
		if err != nil {
			break // it is closed if its room was for a part of a line
		}
		if !at.After(last) {
			t.Errorf("line %v comes after %v", at, last)
		}
		last = at
	}
	if lines == 0 {
		t.Error("the stalled client did not even get the lines from before it stalled")
	}
}

func TestStopClosesEveryConnection(t *testing.T) {
	ln := listen(t, "tcp", "127.0.0.1:0")
	before := openFiles(t) - 1 // the listener is closed as well
	stop := serve(t, ln, interval)
	old := dial(t, ln.Addr())
	if err := old.follow(3); err != nil {
		t.Fatal(err)
	}
	young := dial(t, ln.Addr())
	if err := young.follow(1); err != nil {
		t.Fatal(err)
	}
	if err := stop(); err != nil {
		t.Error(err)
	}
	for name, c := range map[string]client{"old": old, "new": young} {
		if _, err := io.Copy(io.Discard, c.lines); err != nil {
			t.Errorf("the %s client's connection ends with %v", name, err)
		}
		c.Close()
	}
	if after := openFiles(t); after > before {
		t.Errorf("%d files are open after it, %d before", after, before)
	}
	if _, err := net.Dial("tcp", ln.Addr().String()); !errors.Is(err, syscall.ECONNREFUSED) {
		t.Errorf("another client gets %v, want connection refused", err)
	}
}

func TestServeRefusesWhatItCannotServe(t *testing.T) {
	pipe := struct{ net.Listener }{listen(t, "tcp", "127.0.0.1:0")}
	closed := listen(t, "tcp", "127.0.0.1:0")
	closed.Close()
	tests := []struct {
		ln     net.Listener
		server floor.Server
		want   string
	}{
		{listen(t, "tcp", "127.0.0.1:0"), floor.Server{Interval: time.Microsecond}, "interval 1µs is too short"},
		{pipe, floor.Server{}, "cannot accept from a"},
		{closed, floor.Server{}, "use of closed network connection"},
	}
	for _, tt := range tests {
		if err := tt.server.Serve(t.Context(), tt.ln); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("Serve = %v, want an error that says %q", err, tt.want)
		}
		if err := tt.ln.Close(); !errors.Is(err, net.ErrClosed) {
			t.Errorf("%v: the listener was left open", tt.want)
		}
	}
}

// setBuffer gives a socket the smallest buffer that the kernel has.
func setBuffer(t *testing.T, c syscall.Conn, which int) {
	t.Helper()
	raw, err := c.SyscallConn()
	if err != nil {
		t.Fatal(err)
	}
	if err := raw.Control(func(fd uintptr) { err = syscall.SetsockoptInt(int(fd), syscall.SOL_SOCKET, which, 1) }); err != nil {
		t.Fatal(err)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// openFiles returns how many files this process has open, but for pollers, of
// which the runtime makes one when it likes.
func openFiles(t *testing.T) (n int) {
	t.Helper()
	files, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if to, err := os.Readlink("/proc/self/fd/" + f.Name()); err == nil && strings.HasPrefix(to, "socket:") {
			n++
		}
	}
	return n
}
