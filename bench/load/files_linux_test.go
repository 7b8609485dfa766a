package load_test

import (
	"os"
	"testing"
	"time"

	"clock"
	"clock/bench/load"
)

// TestRunLeavesNoFilesOpen is not parallel, so that nobody else opens any.
func TestRunLeavesNoFilesOpen(t *testing.T) {
	addr := serve(t, "tcp", "127.0.0.1:0", "gnet", clock.Options{Interval: 100 * time.Millisecond, Face: clock.Face{Layout: time.StampMilli}})
	files := func() int {
		entries, err := os.ReadDir("/proc/self/fd")
		if err != nil {
			t.Fatal(err)
		}
		return len(entries)
	}
	var before int
	for run := range 2 { // the first opens what the runtime keeps
		before = files()
		_, err := load.Run(t.Context(), load.Config{
			Addr: addr, Conns: 10, Workers: 4, Interval: 100 * time.Millisecond, Duration: 100 * time.Millisecond,
			Face: clock.Face{Layout: time.StampMilli, Zone: time.UTC},
		})
		if err != nil {
			t.Fatal(run, err)
		}
	}
	deadline := time.Now().Add(10 * time.Second)
	for ; files() > before; time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("%d files are open, and %d were before", files(), before)
		}
	}
}
