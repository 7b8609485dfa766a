package load_test

import (
	"bytes"
	"context"
	"errors"
	"net"
	"testing"
	"time"

	"clock"
	"clock/bench/load"
)

// fine is the face of servers with short intervals.
var fine = clock.Face{Layout: time.StampMilli, Zone: time.UTC}

// flood writes valid lines without pause, until the client leaves.
func flood(conn net.Conn) {
	for {
		if _, err := conn.Write(bytes.Repeat(fine.Append(nil, time.Now()), 5000)); err != nil {
			return
		}
	}
}

// TestServerThatNeverPauses is about servers that keep each client busy: all
// of the fleet's clients are read, its window ends, and it can be stopped.
func TestServerThatNeverPauses(t *testing.T) {
	t.Parallel()
	for name, portable := range map[string]bool{"epoll": false, "portable": true} {
		t.Run(name, func(t *testing.T) {
			config := load.Config{
				Addr: fake(t, flood), Conns: 3, Workers: 1, Face: fine, Portable: portable,
				Interval: 100 * time.Millisecond, Duration: 200 * time.Millisecond,
			}
			t.Run("the window ends", func(t *testing.T) {
				r, err := load.Run(t.Context(), config)
				if err != nil {
					t.Fatal(err)
				}
				if r.Connect.Clients != 3 || r.Lines+r.Repeated < 1000 {
					t.Errorf("%d clients had a line, %d lines and %d repeated; want all 3 clients, and thousands of lines", r.Connect.Clients, r.Lines, r.Repeated)
				}
			})
			for _, phase := range []load.Phase{load.Connecting, load.WarmingUp, load.Counting} {
				t.Run("interrupted while "+string(phase), func(t *testing.T) {
					ctx, cancel := context.WithCancel(t.Context())
					defer cancel()
					c := config
					c.Duration = time.Hour
					c.Watch = func(p load.Progress) {
						if p.Phase == phase {
							cancel()
						}
					}
					if _, err := load.Run(ctx, c); !errors.Is(err, context.Canceled) {
						t.Errorf("Run = %v, want that it was cancelled", err)
					}
				})
			}
		})
	}
}
