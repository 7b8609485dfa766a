package load_test

import (
	"fmt"
	"testing"
	"time"

	"clock"
	"clock/bench/load"
)

// TestAServerWithRoomForTheFleetHasRoomForAll: the fleet tries a server with a
// connection that is one of its clients', so it takes no place beside them.
func TestAServerWithRoomForTheFleetHasRoomForAll(t *testing.T) {
	const conns = 20
	for _, portable := range []bool{false, true} {
		for _, engine := range []string{"goroutine", "gnet"} {
			t.Run(fmt.Sprintf("%s, portable %v", engine, portable), func(t *testing.T) {
				t.Parallel()
				const interval = 100 * time.Millisecond
				o := clock.Options{Interval: interval, MaxConns: conns, Face: clock.Face{Layout: time.StampMicro}}
				addr := serve(t, "tcp", "127.0.0.1:0", engine, o)
				r, err := load.Run(t.Context(), load.Config{
					Addr: addr, Conns: conns, Rate: load.AtOnce, Portable: portable, Interval: interval, Duration: 5 * interval,
					Face: clock.Face{Layout: time.StampMicro, Zone: time.UTC},
				})
				if err != nil {
					t.Fatal(err)
				}
				if r.Failed > 0 || r.Lost > 0 || r.Connect.Clients != conns {
					t.Errorf("of %d clients %d had a line: %v", conns, r.Connect.Clients, r.Trouble())
				}
			})
		}
	}
}
