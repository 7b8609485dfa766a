package goroutine

import (
	"context"
	"net"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"clock"
)

// A nullConn takes every line and costs nothing.
type nullConn struct{ net.Conn }

func (nullConn) Write(b []byte) (int, error)      { return len(b), nil }
func (nullConn) SetWriteDeadline(time.Time) error { return nil }
func (nullConn) RemoteAddr() net.Addr             { return nil }
func (nullConn) Close() error                     { return nil }

// A nullListener brings clients with such connections, and then none.
type nullListener struct {
	clients atomic.Int64
	closed  chan struct{}
	close   func()
}

func (l *nullListener) Accept() (net.Conn, error) {
	if l.clients.Add(-1) >= 0 {
		return &nullConn{}, nil
	}
	<-l.closed
	return nil, net.ErrClosed
}

func (l *nullListener) Close() error   { l.close(); return nil }
func (l *nullListener) Addr() net.Addr { return &net.UnixAddr{Net: "unix"} }

// BenchmarkTick measures what the engine adds to the kernel's part of a line:
// the wake-up of a goroutine and its way to the socket, which takes all and
// costs nothing. One op is one tick for every client; the ticks come faster
// than they can be served, so that a tick's time is its cost.
func BenchmarkTick(b *testing.B) {
	const clients = 10000
	for _, ticker := range []clock.TickerKind{clock.Shared, clock.PerConn} {
		b.Run("ticker="+string(ticker), func(b *testing.B) {
			stats := new(clock.Stats)
			ctx, stop := context.WithCancel(b.Context())
			ln := &nullListener{closed: make(chan struct{})}
			ln.close = sync.OnceFunc(func() { close(ln.closed) })
			ln.clients.Store(clients)
			served := make(chan error)
			server := &Server{Options: clock.Options{
				Ticker: ticker, Interval: clock.MinInterval, MaxConns: clients, Stats: stats,
			}}
			go func() { served <- server.Serve(ctx, ln) }()
			for stats.Sent.Load() < 3*clients {
				runtime.Gosched()
			}
			b.ReportAllocs()
			b.ResetTimer()
			start := stats.Sent.Load()
			for end := start + int64(b.N)*clients; stats.Sent.Load() < end; {
				time.Sleep(time.Millisecond)
			}
			b.StopTimer()
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(stats.Sent.Load()-start), "ns/line")
			stop()
			if err := <-served; err != nil {
				b.Error(err)
			}
		})
	}
}
