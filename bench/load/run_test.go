package load_test

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/netip"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"go.uber.org/goleak"

	"clock"
	"clock/accept"
	"clock/bench/load"
	"clock/engine"
	"clock/internal/slowtest"
)

func TestMain(m *testing.M) {
	// Tests wait for ticks most of the time: more of them run at once than
	// there are processors.
	flag.Parse()
	flag.Set("test.parallel", "8")
	// Importing gnet starts its worker pool's two goroutines, which never end.
	goleak.VerifyTestMain(m, goleak.IgnoreCurrent())
}

// serve serves the clock with an engine until the end of the test.
func serve(t *testing.T, network, addr, name string, o clock.Options) string {
	t.Helper()
	ln, err := accept.Listen(t.Context(), network, addr)
	if err != nil {
		t.Fatal(err)
	}
	o.Face.Zone = time.UTC
	server, err := engine.New(name, o)
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	served := make(chan error, 1)
	go func() { served <- server.Serve(ctx, ln) }()
	t.Cleanup(func() {
		stop()
		if err := <-served; err != nil {
			t.Errorf("Serve = %v", err)
		}
	})
	return ln.Addr().String()
}

// utc is the face of the servers of these tests.
var utc = clock.Face{Zone: time.UTC}

// TestThousandsOfClients holds every engine and ticker to the protocol under
// load. It asserts what the clients saw, not when.
func TestThousandsOfClients(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"goroutine", "gnet"} {
		for _, ticker := range []clock.TickerKind{clock.PerConn, clock.Shared} {
			t.Run(name+"/"+string(ticker), func(t *testing.T) {
				t.Parallel()
				const conns = 2000
				addr := serve(t, "tcp", "127.0.0.1:0", name, clock.Options{Ticker: ticker})
				r, err := load.Run(t.Context(), load.Config{
					Addr: addr, Conns: conns, Ticker: ticker, Face: utc,
					Warmup: time.Second, Duration: 3 * time.Second, Storm: true,
				})
				if err != nil {
					t.Fatal(err)
				}
				if r.Failed > 0 || r.Lost > 0 || r.Connect.Clients != conns || r.Storm.Clients != conns {
					t.Errorf("%d failed, %d lost, %d connected, %d came back of %d: %v", r.Failed, r.Lost, r.Connect.Clients, r.Storm.Clients, conns, r.Trouble())
				}
				if r.Reach() != 1 || r.Torn > 0 || r.Repeated > 0 || r.Stale > 0 {
					t.Errorf("reach %v, %d missing, %d torn, %d repeated, %d stale", r.Reach(), r.Missing, r.Torn, r.Repeated, r.Stale)
				}
				if ticker == clock.Shared && r.Lines != 3*conns {
					t.Errorf("%d lines of three ticks, want %d", r.Lines, 3*conns)
				}
			})
		}
	}
}

func TestATickerThatNobodyNamesIsSeen(t *testing.T) {
	for _, ticker := range []clock.TickerKind{clock.PerConn, clock.Shared} {
		for _, portable := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s, portable %v", ticker, portable), func(t *testing.T) {
				t.Parallel()
				const interval = 500 * time.Millisecond
				o := clock.Options{Ticker: ticker, Interval: interval, Face: clock.Face{Layout: time.StampMicro}}
				addr := serve(t, "tcp", "127.0.0.1:0", "goroutine", o)
				r, err := load.Run(t.Context(), load.Config{
					Addr: addr, Conns: 50, Portable: portable, Interval: interval, Warmup: interval, Duration: 2 * interval,
					Face: clock.Face{Layout: time.StampMicro, Zone: time.UTC},
				})
				if err != nil {
					t.Fatal(err)
				}
				if r.Ticker != ticker || (r.Lag != nil) != (ticker == clock.Shared) {
					t.Errorf("taken for %q: %q", r.Ticker, r.Inconclusive)
				}
			})
		}
	}
}

func TestPortableFleetMeasuresTheSame(t *testing.T) {
	t.Parallel()
	for _, network := range []string{"tcp", "unix"} {
		t.Run(network, func(t *testing.T) {
			t.Parallel()
			addr := "127.0.0.1:0"
			if network == "unix" {
				addr = filepath.Join(t.TempDir(), "clock")
			}
			addr = serve(t, network, addr, "goroutine", clock.Options{Ticker: clock.Shared})
			r, err := load.Run(t.Context(), load.Config{
				Network: network, Addr: addr, Conns: 200, Face: utc, Portable: network == "tcp",
				Warmup: time.Second, Duration: 2 * time.Second, Storm: true, Churn: 50, Stalled: 0.05,
			})
			if err != nil {
				t.Fatal(err)
			}
			if r.Fleet != "portable" {
				t.Errorf("the result does not say that its fleet is portable: %q", r.Fleet)
			}
			// 10 stalled and 100 churning of the 200 are counted apart.
			if r.Lines != 2*90 || r.Missing != 0 || r.Connect.Clients != 190 || r.Storm.Clients != 190 || r.Churn.Clients < 50 {
				t.Errorf("%d lines, %d missing, %d connected, %d came back, %d churned: %v",
					r.Lines, r.Missing, r.Connect.Clients, r.Storm.Clients, r.Churn.Clients, r.Trouble())
			}
		})
	}
}

func TestMisbehaviourIsCountedApart(t *testing.T) {
	t.Parallel()
	addr := serve(t, "tcp", "127.0.0.1:0", "gnet", clock.Options{})
	r, err := load.Run(t.Context(), load.Config{
		Addr: addr, Conns: 400, Face: utc, Rate: load.AtOnce, Workers: 2,
		Warmup: time.Second, Duration: 3 * time.Second, Churn: 50, Stalled: 0.1,
	})
	if err != nil {
		t.Fatal(err)
	}
	// 40 stall and 100 take turns to leave: 150 times in three seconds, but for
	// those that are on their way when the window opens and closes.
	if r.Stalled != 40 || r.Lines != 3*260 || r.Missing != 0 || r.Failed != 0 || r.Lost != 0 {
		t.Errorf("%d stalled, %d lines, %d missing, %d failed, %d lost: %v", r.Stalled, r.Lines, r.Missing, r.Failed, r.Lost, r.Trouble())
	}
	if n := r.Churn.Clients; n < 100 || n > 200 {
		t.Errorf("%d clients reconnected in three seconds, want about 150", n)
	}
	if r.AllLines <= r.Lines || r.AllLines > 3*360+int64(r.Churn.Clients) {
		t.Errorf("%d lines in all, of which %d are counted", r.AllLines, r.Lines)
	}
}

// A server that is no clock, or no good one.
func fake(t *testing.T, behave func(net.Conn)) string {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { ln.Close() })
	go func() {
		for {
			conn, err := ln.Accept()
			if err != nil {
				return
			}
			go func() {
				defer conn.Close()
				behave(conn)
			}()
		}
	}()
	return ln.Addr().String()
}

// tell writes the time on each tick until the client leaves, or for n ticks.
func tell(conn net.Conn, n int, layout string) {
	face := clock.Face{Layout: layout, Zone: time.UTC}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	go func() {
		io.Copy(io.Discard, conn)
		cancel()
	}()
	conn.Write(face.Append(nil, time.Now()))
	for tick := range (clock.Ticker{Interval: time.Second}).Ticks(ctx) {
		if _, err := conn.Write(face.Append(nil, tick)); err != nil {
			return
		}
		if n--; n == 0 {
			return
		}
	}
}

// nobody is an address that no machine has (RFC 5737).
var nobody = netip.MustParseAddr("192.0.2.1")

// once behaves with its first client, and leaves the others at once.
func once(behave func(net.Conn)) func(net.Conn) {
	var first atomic.Bool
	return func(c net.Conn) {
		if first.CompareAndSwap(false, true) {
			behave(c)
		}
	}
}

func TestServersThatAreNoClocks(t *testing.T) {
	t.Parallel()
	unused := fake(t, nil)
	closed, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name   string
		addr   string
		config load.Config
		want   []string // what the error says
	}{
		{"nobody there", closed.Addr().String(), load.Config{}, []string{"no server", "connection refused"}},
		{"no such host", "clock.invalid:8000", load.Config{}, []string{"no server at clock.invalid:8000"}},
		{"garbage", fake(t, func(c net.Conn) { io.WriteString(c, "HTTP/1.1 400 Bad Request\r\n") }), load.Config{}, []string{"HTTP/1.1 400", "-layout"}},
		{"garbage without end", fake(t, func(c net.Conn) { c.Write(make([]byte, 1<<20)) }), load.Config{}, []string{"no clock", "-layout"}},
		{"another layout", fake(t, func(c net.Conn) { tell(c, 0, time.RFC3339) }), load.Config{}, []string{`"15:04:05"`, "-layout"}},
		{"closes at once", fake(t, func(net.Conn) {}), load.Config{}, []string{"no line from", "EOF"}},
		{"no clients", unused, load.Config{Conns: -1}, []string{"-1 clients"}},
		{"too many clients", unused, load.Config{Conns: 10_000_000}, []string{"open files", "ulimit"}},
		{"nobody behaves", unused, load.Config{Churn: 100}, []string{"none is left to measure"}},
		{"a layout too coarse", unused, load.Config{Face: clock.Face{Layout: time.Kitchen}}, []string{"3:04PM", "finer"}},
		{"no time to count", unused, load.Config{Duration: -1}, []string{"duration"}},
		{"a source of nobody", unused, load.Config{Sources: []netip.Addr{netip.MustParseAddr("127.0.0.1"), nobody}}, []string{"cannot connect from 192.0.2.1", "give an address of this machine"}},
		{"closes all but the first", fake(t, once(func(c net.Conn) { tell(c, 1, "") })), load.Config{Rate: load.AtOnce}, []string{"before the window: closed by the server (10)"}},
		{"closes all but the first, of a portable fleet", fake(t, once(func(c net.Conn) { tell(c, 1, "") })), load.Config{Rate: load.AtOnce, Portable: true}, []string{"before the window: closed by the server (10)"}},
		{"closes all during the warm-up", fake(t, func(c net.Conn) { tell(c, 1, "") }), load.Config{Rate: load.AtOnce, Warmup: time.Hour}, []string{"before the window: closed by the server (10)"}},
		{"an address without port", "localhost", load.Config{}, []string{"localhost:8000"}},
	}
	closed.Close() // not before, or one of the others might be given its port
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c := tt.config
			c.Addr = tt.addr
			if c.Conns == 0 {
				c.Conns = 10
			}
			if c.Duration == 0 {
				c.Duration = time.Second
			}
			if c.Face.Zone == nil {
				c.Face.Zone = time.UTC
			}
			r, err := load.Run(t.Context(), c)
			if err == nil || r != nil {
				t.Fatalf("Run = %v, %v", r, err)
			}
			for _, want := range tt.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("error %q does not say %q", err, want)
				}
			}
			if strings.Contains(err.Error(), "\n") {
				t.Errorf("error %q is not one line", err)
			}
		})
	}
}

func TestServerThatDies(t *testing.T) {
	t.Parallel()
	addr := fake(t, func(c net.Conn) { tell(c, 5, "") })
	r, err := load.Run(t.Context(), load.Config{
		Addr: addr, Conns: 50, Face: utc, Rate: load.AtOnce, Warmup: time.Second, Duration: 20 * time.Second,
	})
	if err == nil || !strings.Contains(err.Error(), "has ended all connections") {
		t.Fatalf("error %v", err)
	}
	if r == nil || r.Lines == 0 || r.Lost != 50 || r.To.Sub(r.From) >= 20*time.Second {
		t.Fatalf("what was measured is lost: %+v", r)
	}
	if got := strings.Join(r.Trouble(), ", "); got != "closed by the server (50)" {
		t.Errorf("trouble is %q", got)
	}
}

func TestServerThatLosesClients(t *testing.T) {
	t.Parallel()
	turn := make(chan bool, 1)
	turn <- false
	addr := fake(t, func(c net.Conn) {
		short := <-turn
		turn <- !short
		if short {
			tell(c, 4, "")
		} else {
			tell(c, 0, "")
		}
	})
	r, err := load.Run(t.Context(), load.Config{
		Addr: addr, Conns: 100, Face: utc, Rate: load.AtOnce, Warmup: time.Second, Duration: 5 * time.Second,
	})
	if err != nil {
		t.Fatal(err)
	}
	if r.Lost != 50 || r.Reach() >= 1 || r.Reach() < 0.5 {
		t.Errorf("%d lost, reach %v; want 50 and a reach from 0.5 to 1", r.Lost, r.Reach())
	}
}

func TestInterruptedRunKeepsWhatItMeasured(t *testing.T) {
	t.Parallel()
	addr := serve(t, "tcp", "127.0.0.1:0", "gnet", clock.Options{})
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	r, err := load.Run(ctx, load.Config{
		Addr: addr, Conns: 100, Face: utc, Rate: load.AtOnce, Warmup: time.Second, Duration: time.Minute,
		Watch: func(p load.Progress) {
			if p.Phase == load.Counting && p.Reach > 0 {
				cancel()
			}
		},
	})
	if !errors.Is(err, context.Canceled) {
		t.Fatalf("error %v, want that of the context", err)
	}
	if r == nil || r.Lines == 0 || r.Reach() != 1 || r.To.Sub(r.From) > 50*time.Second {
		t.Errorf("what was measured is lost: %+v", r)
	}
}

func TestSequentialServerServesOne(t *testing.T) {
	slowtest.Skip(t) // the fleet gives the second client ten seconds
	t.Parallel()
	addr := serve(t, "tcp", "127.0.0.1:0", "sequential", clock.Options{})
	r, err := load.Run(t.Context(), load.Config{
		Addr: addr, Conns: 2, Face: utc, Ticker: clock.PerConn, Rate: load.AtOnce, Warmup: time.Second, Duration: 2 * time.Second,
	})
	if err != nil {
		t.Fatal(err)
	}
	if r.Failed != 1 || r.Reach() != 0.5 {
		t.Errorf("%d failed, reach %v, want one of two clients, and a half", r.Failed, r.Reach())
	}
	if got := strings.Join(r.Trouble(), ", "); got != "still waiting at the end (1)" {
		t.Errorf("trouble is %q", got)
	}
}

// TestServerThatRefusesAStorm serves each client once.
func TestServerThatRefusesAStorm(t *testing.T) {
	t.Parallel()
	for _, portable := range []bool{false, true} {
		const conns, interval = 10, 100 * time.Millisecond
		var served atomic.Int32
		addr := fake(t, func(c net.Conn) {
			if served.Add(1) > conns {
				return
			}
			for err := error(nil); err == nil; time.Sleep(interval) {
				_, err = c.Write(fine.Append(nil, time.Now()))
			}
		})
		r, err := load.Run(t.Context(), load.Config{
			Addr: addr, Conns: conns, Face: fine, Portable: portable, Storm: true,
			Interval: interval, Ticker: clock.PerConn, Duration: interval,
		})
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Join(r.Storm.Trouble(), ", "); r.Storm.Clients != 0 || got != "closed by the server (10)" || len(r.Trouble()) > 0 {
			t.Errorf("%d clients of the storm came back, its trouble is %q, and that of the load %q", r.Storm.Clients, got, r.Trouble())
		}
	}
}
