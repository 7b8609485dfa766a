package goroutine_test

import (
	"bufio"
	"context"
	"net"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"clock"
	"clock/goroutine"
)

// A pipeListener brings clients over net.Pipe, so that time is the bubble's.
type pipeListener struct {
	conns  chan net.Conn
	closed chan struct{}
}

func newPipeListener() *pipeListener {
	return &pipeListener{conns: make(chan net.Conn), closed: make(chan struct{})}
}

func (l *pipeListener) dial() net.Conn {
	near, far := net.Pipe()
	l.conns <- far
	return near
}

func (l *pipeListener) Accept() (net.Conn, error) {
	select {
	case conn := <-l.conns:
		return conn, nil
	case <-l.closed:
		return nil, net.ErrClosed
	}
}

func (l *pipeListener) Close() error {
	select {
	case <-l.closed:
	default:
		close(l.closed)
	}
	return nil
}

func (l *pipeListener) Addr() net.Addr { return &net.UnixAddr{Net: "pipe"} }

// serve runs a server in the bubble; stop returns how long it takes to stop.
func serve(t *testing.T, s *goroutine.Server) (ln *pipeListener, stop func() time.Duration) {
	t.Helper()
	s.Face = clock.Face{Layout: "05.000", Zone: time.UTC}
	ln = newPipeListener()
	ctx, cancel := context.WithCancel(t.Context())
	served := make(chan error)
	go func() { served <- s.Serve(ctx, ln) }()
	return ln, func() time.Duration {
		start := time.Now()
		cancel()
		if err := <-served; err != nil {
			t.Errorf("Serve = %v", err)
		}
		return time.Since(start)
	}
}

// lines reads n lines and returns them with the moments of their arrival.
func lines(t *testing.T, r *bufio.Reader, n int, start time.Time) string {
	t.Helper()
	var got []string
	for range n {
		line, err := r.ReadString('\n')
		if err != nil {
			t.Fatalf("after %v: %v", got, err)
		}
		got = append(got, strings.TrimSpace(line)+"@"+time.Since(start).String())
	}
	return strings.Join(got, " ")
}

func TestLinesComeOnTime(t *testing.T) {
	tests := []struct {
		name   string
		server goroutine.Server
		want   string // line@moment, from the bubble's start on a whole minute
	}{
		{"a second after the last", goroutine.Server{},
			"00.300@300ms 01.300@1.3s 02.300@2.3s 03.300@3.3s"},
		{"likewise one at a time", goroutine.Server{Sequential: true},
			"00.300@300ms 01.300@1.3s 02.300@2.3s 03.300@3.3s"},
		{"at each multiple of the interval", goroutine.Server{Options: clock.Options{Ticker: clock.Shared}},
			"00.300@300ms 01.000@1s 02.000@2s 03.000@3s"},
		{"over several naps", goroutine.Server{Options: clock.Options{Interval: 2500 * time.Millisecond}},
			"00.300@300ms 02.800@2.8s 05.300@5.3s 07.800@7.8s"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				start := time.Now()
				ln, stop := serve(t, &tt.server)
				time.Sleep(300 * time.Millisecond)
				conn := ln.dial()
				if got := lines(t, bufio.NewReader(conn), 4, start); got != tt.want {
					t.Errorf("got  %s\nwant %s", got, tt.want)
				}
				_ = conn.Close()
				stop()
			})
		})
	}
}

func TestFirstLineAndTickAreNotTheSame(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		ln, stop := serve(t, &goroutine.Server{Options: clock.Options{Ticker: clock.Shared}})
		time.Sleep(time.Second) // the client comes at the tick itself
		conn := ln.dial()
		if got, want := lines(t, bufio.NewReader(conn), 2, start), "01.000@1s 02.000@2s"; got != want {
			t.Errorf("got %s, want %s", got, want)
		}
		stop()
	})
}

func TestStopTakesANapAtMost(t *testing.T) {
	for _, o := range []clock.Options{
		{Ticker: clock.PerConn, Interval: time.Hour},
		{Ticker: clock.Shared, Interval: time.Hour},
	} {
		synctest.Test(t, func(t *testing.T) {
			ln, stop := serve(t, &goroutine.Server{Options: o})
			conn := ln.dial()
			lines(t, bufio.NewReader(conn), 1, time.Now())
			time.Sleep(10500 * time.Millisecond)
			if took := stop(); took > time.Second {
				t.Errorf("ticker %s: took %v to stop, want a second at most", o.Ticker, took)
			}
		})
	}
}

// A write that nobody takes does not keep the server, also where it is the one
// that serves the client and has to stop accepting.
func TestStopEndsAWriteInProgressAfterTheDrainTime(t *testing.T) {
	for _, s := range []goroutine.Server{
		{Sequential: true},
		{Options: clock.Options{Ticker: clock.PerConn}},
		{Options: clock.Options{Ticker: clock.Shared}},
	} {
		synctest.Test(t, func(t *testing.T) {
			ln, stop := serve(t, &s)
			ln.dial()
			time.Sleep(1500 * time.Millisecond)
			if took := stop(); took > clock.DefaultDrain {
				t.Errorf("sequential %v, ticker %s: took %v to stop, want %v at most", s.Sequential, s.Ticker, took, clock.DefaultDrain)
			}
		})
	}
}

// A pipe holds nothing, so a client that does not read is slow at once.
func TestSlowClientFindsANewerLine(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		stats := new(clock.Stats)
		time.Sleep(250 * time.Millisecond) // so that the watch goes round between the ticks
		ln, stop := serve(t, &goroutine.Server{Options: clock.Options{Ticker: clock.Shared, Stats: stats}})
		conn := ln.dial()
		r := bufio.NewReader(conn)
		lines(t, r, 1, start)
		time.Sleep(5 * time.Second) // to 5.5 s
		// The line in flight has waited for more than one round of the watch,
		// and not for a second; those between are lost.
		if got, want := lines(t, r, 3, start), "04.000@5.25s 05.000@5.25s 06.000@6s"; got != want {
			t.Errorf("got %s, want %s", got, want)
		}
		if n := stats.Dropped.Load(); n != 3 {
			t.Errorf("%d lines dropped, want 3", n)
		}
		stop()
	})
}

func TestClientThatTakesNothingIsDropped(t *testing.T) {
	for _, ticker := range []clock.TickerKind{clock.PerConn, clock.Shared} {
		synctest.Test(t, func(t *testing.T) {
			stats := new(clock.Stats)
			ln, stop := serve(t, &goroutine.Server{Options: clock.Options{Ticker: ticker, Stats: stats}})
			conn := ln.dial()
			lines(t, bufio.NewReader(conn), 1, time.Now())
			time.Sleep(clock.DefaultWriteTimeout - time.Second)
			if n := stats.Connections(); n != 1 {
				t.Errorf("ticker %s: %d connections before the write timeout, want 1", ticker, n)
			}
			time.Sleep(6 * time.Second) // the watch goes round once a second
			if n := stats.Ended[clock.ReasonSlow].Load(); n != 1 {
				t.Errorf("ticker %s: %d dropped as slow after the write timeout, want 1", ticker, n)
			}
			stop()
		})
	}
}
