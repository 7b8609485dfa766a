package eventloop

import (
	"net"
	"testing"
	"time"

	"github.com/panjf2000/gnet/v2"

	"clock"
)

// BenchmarkTick measures what the engine adds to the kernel's part of a line:
// a tick for every client of one loop, whose socket takes all and costs
// nothing. One op is one tick.
func BenchmarkTick(b *testing.B) {
	const clients = 10000
	for _, ticker := range []clock.TickerKind{clock.Shared, clock.PerConn} {
		b.Run("ticker="+string(ticker), func(b *testing.B) {
			l := nullLoop(b, clock.Options{Ticker: ticker})
			for range clients {
				new(client).open(l, nullSocket{})
			}
			b.ReportAllocs()
			start := l.server.opts.Stats.Sent.Load()
			for at := l.server.opts.Interval + maxQuantum; b.Loop(); at += l.server.opts.Interval {
				if l.server.board != nil {
					l.server.board.post(time.Unix(0, 0).Add(at))
				} else {
					l.start = time.Now().Add(-at) // it is now at on the loop's own time
				}
				for l.serve() {
				}
			}
			lines := l.server.opts.Stats.Sent.Load() - start
			if want := int64(b.N * clients); lines < want {
				b.Errorf("%d lines sent, want %d", lines, want)
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(lines), "ns/line")
		})
	}
}

// A nullSocket is gnet's part of a client that takes every line.
type nullSocket struct{ gnet.Conn }

func (nullSocket) Fd() int              { return -1 }
func (nullSocket) LocalAddr() net.Addr  { return nil }
func (nullSocket) RemoteAddr() net.Addr { return nil }

// nullLoop returns a loop without gnet, whose lines go nowhere.
func nullLoop(tb testing.TB, o clock.Options) *loop {
	tb.Helper()
	o, err := o.Complete(clock.Shared, 0)
	if err != nil {
		tb.Fatal(err)
	}
	s := &server{
		opts: o,
		send: func(_ *client, line []byte) (int, error) { return len(line), nil },
	}
	if o.Ticker == clock.Shared {
		s.board = newBoard(o)
	}
	l := newLoop(s)
	l.waker = &waker{loop: l, awake: true}
	return l
}
