package engine_test

import (
	"bufio"
	"context"
	"fmt"
	"net"
	"slices"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"clock"
	"clock/engine"
)

// Importing gnet starts its worker pool's two goroutines, which never end.
func TestMain(m *testing.M) { goleak.VerifyTestMain(m, goleak.IgnoreCurrent()) }

func TestNewCompletesTheOptions(t *testing.T) {
	own := map[string]clock.TickerKind{"sequential": clock.PerConn, "goroutine": clock.PerConn, "gnet": clock.Shared}
	if names := engine.Names(); !slices.Equal(names, []string{"gnet", "goroutine", "sequential"}) {
		t.Errorf("names are %q", names)
	}
	for name, ticker := range own {
		s, err := engine.New(name, clock.Options{Interval: time.Minute})
		if err != nil {
			t.Fatal(err)
		}
		if s.Ticker != ticker || s.Interval != time.Minute || s.Stats == nil || s.MaxConns == 0 {
			t.Errorf("%s has options %+v, want ticker %s, an interval of 1m and the rest of the defaults", name, s.Options, ticker)
		}
	}
	if s, err := engine.New("gnet", clock.Options{Ticker: clock.PerConn}); err != nil || s.Ticker != clock.PerConn {
		t.Errorf("gnet with a ticker per connection: %+v, %v", s, err)
	}
}

func TestNewRefuses(t *testing.T) {
	tests := []struct {
		name    string
		options clock.Options
		want    string
	}{
		{"cuckoo", clock.Options{}, `unknown engine "cuckoo": use gnet, goroutine, sequential`},
		{"sequential", clock.Options{Ticker: clock.Shared}, "use -ticker=per-conn"},
		{"gnet", clock.Options{Ticker: "cuckoo"}, `unknown ticker "cuckoo"`},
		{"goroutine", clock.Options{Interval: -time.Second}, "interval -1s"},
	}
	for _, tt := range tests {
		if s, err := engine.New(tt.name, tt.options); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("New(%q, %+v) = %v, %v, want an error that says %q", tt.name, tt.options, s, err, tt.want)
		}
	}
}

func TestEveryEngineServes(t *testing.T) {
	for _, name := range engine.Names() {
		t.Run(name, func(t *testing.T) {
			s, err := engine.New(name, clock.Options{Interval: 10 * time.Millisecond})
			if err != nil {
				t.Fatal(err)
			}
			ln, err := net.Listen("tcp", "127.0.0.1:0")
			if err != nil {
				t.Fatal(err)
			}
			ctx, stop := context.WithCancel(t.Context())
			defer stop()
			served := make(chan error, 1)
			go func() { served <- s.Serve(ctx, ln) }()

			if err := readLines(ln.Addr(), 3); err != nil {
				t.Error(err)
			}
			stop()
			if err := <-served; err != nil {
				t.Error(err)
			}
			if err := s.Alive(); err != nil {
				t.Errorf("a server that serves is not alive: %v", err)
			}
			if n := s.Stats.Accepted.Load(); n != 1 {
				t.Errorf("counted %d clients, want 1", n)
			}
		})
	}
}

func TestServeEndsWithItsListener(t *testing.T) {
	for _, name := range engine.Names() {
		s, err := engine.New(name, clock.Options{})
		if err != nil {
			t.Fatal(err)
		}
		ln, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		ln.Close()
		if err := s.Serve(t.Context(), ln); err == nil {
			t.Errorf("%s serves a closed listener without an error", name)
		}
	}
}

// readLines is a client that stays for n lines.
func readLines(addr net.Addr, n int) error {
	conn, err := net.Dial(addr.Network(), addr.String())
	if err != nil {
		return err
	}
	defer conn.Close()
	if err := conn.SetReadDeadline(time.Now().Add(30 * time.Second)); err != nil {
		return err
	}
	r := bufio.NewReader(conn)
	for i := range n {
		if _, err := r.ReadString('\n'); err != nil {
			return fmt.Errorf("line %d: %w", i+1, err)
		}
	}
	return nil
}
