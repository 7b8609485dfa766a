package accept_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"net"
	"net/netip"
	"strings"
	"sync"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"clock"
	"clock/accept"
)

// A listener gives out what accept returns, for as long as it is open.
type listener struct {
	accept func() (net.Conn, error)
	closed chan struct{}
	once   sync.Once
}

func newListener(accept func() (net.Conn, error)) *listener {
	return &listener{accept: accept, closed: make(chan struct{})}
}

func (l *listener) Accept() (net.Conn, error) {
	select {
	case <-l.closed:
		return nil, net.ErrClosed
	default:
		return l.accept()
	}
}

func (l *listener) Close() error {
	l.once.Do(func() { close(l.closed) })
	return nil
}

func (l *listener) Addr() net.Addr { return &net.UnixAddr{Net: "unix"} }

func admit(t *testing.T, ln net.Listener, o clock.Options) (*accept.Acceptor, *clock.Stats, context.CancelFunc) {
	t.Helper()
	o, err := o.Complete(clock.PerConn, 0)
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	return accept.New(ctx, ln, accept.ConfigOf(o)), o.Stats, stop
}

func TestAcceptErrorsAreTriedAgain(t *testing.T) {
	for _, errno := range []syscall.Errno{syscall.EMFILE, syscall.ENFILE, syscall.ENOMEM, syscall.ENOBUFS,
		syscall.EPROTO, syscall.ECONNABORTED, syscall.EPERM} {
		t.Run(errno.Error(), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				const failures = 20
				var log bytes.Buffer
				calls := 0
				ln := newListener(func() (net.Conn, error) {
					if calls++; calls <= failures {
						return nil, &net.OpError{Op: "accept", Err: errno}
					}
					conn, _ := net.Pipe()
					return conn, nil
				})
				acceptor, stats, stop := admit(t, ln, clock.Options{Log: slog.New(slog.NewTextHandler(&log, nil))})
				defer stop()
				start := time.Now()
				if _, err := acceptor.Accept(); err != nil {
					t.Fatalf("Accept = %v, want a connection after %d failures", err, failures)
				}
				// 5 ms, doubled to 1 s: 8 waits make 1.275 s, the others are 1 s each.
				if took := time.Since(start); took != 1275*time.Millisecond+(failures-8)*time.Second {
					t.Errorf("took %v", took)
				}
				if n := stats.AcceptErrors.Load(); n != failures {
					t.Errorf("%d errors counted, want %d", n, failures)
				}
				if n, most := strings.Count(log.String(), "\n"), int(time.Since(start)/time.Second)+1; n == 0 || n > most {
					t.Errorf("%d lines logged in %v, want 1 to %d:\n%s", n, time.Since(start), most, &log)
				}
			})
		})
	}
}

func TestAcceptIsTriedAgainWhenAClientLeaves(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		conns := []error{nil, syscall.EMFILE, syscall.EMFILE, syscall.EMFILE, syscall.EMFILE, syscall.EMFILE, syscall.EMFILE,
			syscall.EMFILE, syscall.EMFILE, syscall.EMFILE, syscall.EMFILE, nil}
		ln := newListener(func() (net.Conn, error) {
			err := conns[0]
			conns = conns[1:]
			conn, _ := net.Pipe()
			return conn, err
		})
		acceptor, _, stop := admit(t, ln, clock.Options{})
		defer stop()
		if _, err := acceptor.Accept(); err != nil {
			t.Fatal(err)
		}
		// The ninth wait begins after 1.275 s, and would take a second. Instead
		// the tenth try is made at once. It fails too, as it may where a client
		// has left whose file is just being closed.
		const left = 1300 * time.Millisecond
		time.AfterFunc(left, func() { acceptor.Leave(nil, clock.ReasonClient) })
		start := time.Now()
		if _, err := acceptor.Accept(); err != nil {
			t.Fatal(err)
		}
		if took := time.Since(start); took != left+5*time.Millisecond {
			t.Errorf("let in after %v, want 5 ms after room was made at %v", took, left)
		}
	})
}

func TestAcceptEndsWhenTheListenerCloses(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ln := newListener(func() (net.Conn, error) { return nil, syscall.EMFILE })
		acceptor, _, stop := admit(t, ln, clock.Options{})
		time.AfterFunc(10*time.Second, stop)
		_, err := acceptor.Accept()
		if err == nil || acceptor.Closed(err) != nil {
			t.Errorf("Accept = %v, Closed = %v, want an error that is none", err, acceptor.Closed(err))
		}
	})
}

func TestClosedListenerIsAnError(t *testing.T) {
	ln := newListener(nil)
	_ = ln.Close()
	acceptor, _, _ := admit(t, ln, clock.Options{})
	if _, err := acceptor.Accept(); !errors.Is(acceptor.Closed(err), net.ErrClosed) {
		t.Errorf("Accept = %v, Closed = %v, want %v twice", err, acceptor.Closed(err), net.ErrClosed)
	}
}

func TestLimitClosesAndCountsThoseOverIt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		arrivals := make(chan net.Conn)
		ln := newListener(func() (net.Conn, error) { return <-arrivals, nil })
		acceptor, stats, stop := admit(t, ln, clock.Options{MaxConns: 1})
		defer stop()
		admitted := make(chan net.Conn)
		go func() {
			for range 2 {
				conn, _ := acceptor.Accept()
				admitted <- conn
			}
		}()
		arrive := func() net.Conn {
			near, far := net.Pipe()
			arrivals <- far
			synctest.Wait()
			return near
		}

		arrive()
		<-admitted
		refused := arrive()
		if _, err := refused.Read(make([]byte, 1)); err == nil {
			t.Error("the second client is not closed")
		}
		if n, open := stats.Ended[clock.ReasonLimit].Load(), stats.Connections(); n != 1 || open != 1 {
			t.Errorf("%d refused, %d open, want 1 and 1", n, open)
		}
		acceptor.Leave(nil, clock.ReasonClient)
		arrive()
		<-admitted
		acceptor.Leave(nil, clock.ReasonShutdown)
		<-acceptor.Empty()
		if open := stats.Connections(); open != 0 {
			t.Errorf("%d open, want none", open)
		}
	})
}

// A remoteConn comes from a given address.
type remoteConn struct {
	net.Conn
	from net.Addr
}

func (c remoteConn) RemoteAddr() net.Addr { return c.from }

func TestLimitPerAddress(t *testing.T) {
	tcp := func(addr string) net.Addr { return net.TCPAddrFromAddrPort(netip.MustParseAddrPort(addr)) }
	const most = 2
	tests := []struct {
		name string
		from []net.Addr
		in   []bool // which of them are let in, one after the other
	}{
		{"one address", []net.Addr{tcp("127.0.0.1:1"), tcp("127.0.0.1:2"), tcp("127.0.0.1:3")}, []bool{true, true, false}},
		{"others are not affected", []net.Addr{tcp("127.0.0.1:1"), tcp("127.0.0.1:2"), tcp("127.0.0.1:3"), tcp("127.0.0.2:1")}, []bool{true, true, false, true}},
		{"IPv4 in IPv6 is IPv4", []net.Addr{tcp("[::ffff:127.0.0.1]:1"), tcp("127.0.0.1:2"), tcp("127.0.0.1:3")}, []bool{true, true, false}},
		{"an IPv6 site is one", []net.Addr{tcp("[2001:db8::1]:1"), tcp("[2001:db8::2]:1"), tcp("[2001:db8::3]:1"), tcp("[2001:db8:0:1::1]:1")}, []bool{true, true, false, true}},
		{"a Unix socket has no addresses", []net.Addr{&net.UnixAddr{}, &net.UnixAddr{}, &net.UnixAddr{}}, []bool{true, true, true}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			ln := newListener(nil)
			acceptor, stats, stop := admit(t, ln, clock.Options{MaxPerIP: most})
			defer stop()
			// Accept returns with the next client that is let in; where the one
			// under test is not, that is a stranger.
			stranger := tcp("192.0.2.1:1")
			enter := func(from net.Addr) bool {
				refused := stats.Ended[clock.ReasonIPLimit].Load()
				next := from
				ln.accept = func() (net.Conn, error) {
					conn, _ := net.Pipe()
					c := remoteConn{conn, next}
					next = stranger
					return c, nil
				}
				conn, err := acceptor.Accept()
				if err != nil {
					t.Fatal(err)
				}
				if conn.RemoteAddr() == stranger {
					acceptor.Leave(stranger, clock.ReasonClient)
				}
				return stats.Ended[clock.ReasonIPLimit].Load() == refused
			}
			for i, from := range tt.from {
				if in := enter(from); in != tt.in[i] {
					t.Errorf("client %d, from %v, let in: %v, want %v", i, from, in, tt.in[i])
				}
			}
			acceptor.Leave(tt.from[0], clock.ReasonClient)
			if !enter(tt.from[0]) {
				t.Error("a client is refused where another has left")
			}
		})
	}
}

func TestRoomIsMadeForSomebodyNew(t *testing.T) {
	tcp := func(addr string) net.Addr { return net.TCPAddrFromAddrPort(netip.MustParseAddrPort(addr)) }
	inside, elsewhere := tcp("192.0.2.1:1"), tcp("192.0.2.2:1")
	tests := []struct {
		name           string
		config         accept.Config
		failure        error // before the second client
		elsewhereHelps bool
	}{
		{"all places are taken", accept.Config{MaxConns: 1}, nil, true},
		{"those of an address are", accept.Config{MaxConns: 9, MaxPerIP: 1}, nil, false},
		{"no file is left", accept.Config{MaxConns: 9}, syscall.EMFILE, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				failures := []error{nil, tt.failure, nil}
				ln := newListener(func() (net.Conn, error) {
					err := failures[0]
					if failures = failures[1:]; err != nil {
						return nil, err
					}
					conn, _ := net.Pipe()
					return remoteConn{conn, inside}, nil
				})
				stats := new(clock.Stats)
				tt.config.Stats = stats
				var acceptor *accept.Acceptor
				tt.config.MakeRoom = func(helps func(net.Addr) bool) bool {
					if !helps(inside) || helps(elsewhere) != tt.elsewhereHelps {
						t.Errorf("the client inside helps: %v, one elsewhere: %v, want true and %v", helps(inside), helps(elsewhere), tt.elsewhereHelps)
					}
					acceptor.Leave(inside, clock.ReasonClient)
					return true
				}
				acceptor = accept.New(t.Context(), ln, tt.config)
				start := time.Now()
				for range 2 {
					if _, err := acceptor.Accept(); err != nil {
						t.Fatal(err)
					}
				}
				if n, open, took := stats.Ended[clock.ReasonClient].Load(), stats.Connections(), time.Since(start); n != 1 || open != 1 || took > 0 {
					t.Errorf("%d let go, %d open after %v, want 1 and 1 at once", n, open, took)
				}
			})
		})
	}
}
