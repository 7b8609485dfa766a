package clocktest

import (
	"context"
	"errors"
	"net"
	"os"
	"runtime"
	"testing"
	"time"

	"go.uber.org/goleak"

	"clock"
)

// leavesNothing stops a server with clients, and counts goroutines and files.
func (s suite) leavesNothing(t *testing.T) {
	_ = s.listen(t).Close() // the first socket of a process opens its poller
	before := goleak.IgnoreCurrent()
	files := openFiles()
	clients := 50
	if s.Sequential {
		clients = 1
	}
	t.Run("graceful", func(t *testing.T) {
		srv := s.serve(t, clock.Options{Interval: tick})
		all := make([]client, clients)
		for i := range all {
			all[i] = srv.dial(t)
		}
		for _, c := range all {
			c.lines(t, 2)
		}
		srv.stop()
		for i, c := range all {
			if err := c.rest(); err != nil {
				t.Errorf("client %d ends with %v, want EOF after a whole line", i, err)
			}
		}
		if err := srv.result(t); err != nil {
			t.Errorf("Serve = %v, want nil after its context was done", err)
		}
		if n, ended := srv.Connections(), srv.Ended[clock.ReasonShutdown].Load(); n != 0 || ended != int64(clients) {
			t.Errorf("%d connections and %d shut down, want 0 and %d", n, ended, clients)
		}
		if conn, err := net.Dial(srv.Network(), srv.String()); err == nil {
			_ = conn.Close()
			t.Error("the listener still listens")
		}
	})
	if err := goleak.Find(before); err != nil {
		t.Error(err)
	}
	if files >= 0 {
		eventually(t, "files closed", func() bool { return openFiles() <= files })
	}
}

// openFiles returns the number of open files, or -1 where nothing tells.
func openFiles() int {
	entries, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		return -1
	}
	return len(entries)
}

func (s suite) disconnect(t *testing.T) {
	srv := s.serve(t, clock.Options{Interval: tick})
	for _, abort := range []bool{false, true} {
		c := srv.dial(t)
		c.line(t)
		if tcp, ok := c.Conn.(*net.TCPConn); ok && abort {
			_ = tcp.SetLinger(0) // a reset instead of FIN
		}
		_ = c.Close()
		eventually(t, "disconnect noticed", func() bool { return srv.Connections() == 0 })
	}
	if n := srv.Ended[clock.ReasonClient].Load(); n != 2 {
		t.Errorf("%d clients have left, want 2", n)
	}
}

// input sends more than the kernel keeps; a server that reads takes it all, one
// that does not lets it wait with the client.
func (s suite) input(t *testing.T) {
	srv := s.serve(t, clock.Options{Interval: tick})
	c := srv.dial(t)
	c.line(t)
	before := heap()
	sent := make(chan int)
	_ = c.SetWriteDeadline(time.Now().Add(500 * time.Millisecond))
	go func() {
		// In parts, since the heap of this process is the server's, too.
		part, all := make([]byte, 64<<10), 0
		for range 1 << 10 {
			n, err := c.Write(part)
			all += n
			if err != nil {
				break
			}
		}
		sent <- all
	}()
	c.lines(t, 10)
	n := <-sent
	if grown := heap() - before; grown > 8<<20 {
		t.Errorf("the heap grew by %d bytes after %d bytes of input", grown, n)
	}
	c.lines(t, 2)
}

func heap() int64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

func (s suite) halfClose(t *testing.T) {
	srv := s.serve(t, clock.Options{Interval: tick})
	c := srv.dial(t)
	c.line(t)
	if err := c.Conn.(interface{ CloseWrite() error }).CloseWrite(); err != nil {
		t.Fatal(err)
	}
	if !s.EndsOnHalfClose {
		c.lines(t, 10)
		return
	}
	if err := c.rest(); err != nil {
		t.Errorf("a half-closed connection ends with %v, want EOF", err)
	}
}

// finAfterInput leaves input unread when the server stops.
func (s suite) finAfterInput(t *testing.T) {
	srv := s.serve(t, clock.Options{Interval: tick})
	c := srv.dial(t)
	c.line(t)
	if _, err := c.Write([]byte{'?'}); err != nil {
		t.Fatal(err)
	}
	srv.stop()
	if err := c.rest(); err != nil {
		t.Errorf("the connection ends with %v, want EOF", err)
	}
}

func (s suite) listenerFails(t *testing.T) {
	ln := s.listen(t)
	srv := s.serveOn(t, ln, clock.Options{Interval: tick})
	c := srv.dial(t)
	c.line(t)
	_ = ln.Close()
	if s.Sequential {
		_ = c.Close() // it looks at its listener between clients
	}
	if err := srv.result(t); !errors.Is(err, net.ErrClosed) {
		t.Errorf("Serve = %v, want %v", err, net.ErrClosed)
	}
	if err := c.rest(); err != nil && !s.Sequential {
		t.Errorf("the connection ends with %v, want EOF", err)
	}
}

func (s suite) senseless(t *testing.T) {
	for name, o := range map[string]clock.Options{
		"ticker":   {Ticker: "cuckoo"},
		"interval": {Interval: -time.Second},
		"limit":    {MaxConns: -1},
		"timeout":  {WriteTimeout: -1},
		"drain":    {Drain: -1},
		"per IP":   {MaxPerIP: -1},
		"buffer":   {SendBuffer: 1},
	} {
		ln := s.listen(t)
		if err := s.New(o).Serve(context.Background(), ln); err == nil {
			t.Errorf("%s: Serve = nil, want an error", name)
		}
		if _, err := ln.Accept(); !errors.Is(err, net.ErrClosed) {
			t.Errorf("%s: the listener is open after Serve has failed", name)
		}
	}
}

func (s suite) limit(t *testing.T) {
	const most = 3
	srv := s.serve(t, clock.Options{Interval: tick, MaxConns: most})
	var in []client
	for range most {
		c := srv.dial(t)
		c.line(t)
		in = append(in, c)
	}
	if _, err := srv.dial(t).next(); err == nil {
		t.Error("a client over the limit has a line, want it closed")
	}
	if n := srv.Ended[clock.ReasonLimit].Load(); n != 1 {
		t.Errorf("%d clients refused, want 1", n)
	}
	for _, c := range in {
		c.lines(t, 2)
	}
	_ = in[0].Close()
	eventually(t, "room again", func() bool { return srv.Connections() < most })
	srv.dial(t).line(t)
}

// limitPerIP has clients come from one address, and leave it again. That
// another address is not affected is for who has two: package clock's tests.
func (s suite) limitPerIP(t *testing.T) {
	srv := s.serve(t, clock.Options{Interval: tick, MaxPerIP: 1})
	first := srv.dial(t)
	first.line(t)
	second := srv.dial(t)
	if s.network == "unix" {
		second.line(t) // has no address
		return
	}
	if _, err := second.next(); err == nil {
		t.Error("a second client from the same address has a line, want it closed")
	}
	if n := srv.Ended[clock.ReasonIPLimit].Load(); n != 1 {
		t.Errorf("%d clients refused, want 1", n)
	}
	_ = first.Close()
	eventually(t, "room again", func() bool { return srv.Connections() == 0 })
	srv.dial(t).line(t)
}
