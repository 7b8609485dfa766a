package load

import (
	"strings"
	"testing"
	"time"
)

func TestWhatHindersAFleet(t *testing.T) {
	for _, tt := range []struct {
		name   string
		fleet  string
		supply supply
		want   string // "" means nothing
	}{
		{"all its processors", "epoll", supply{time: time.Second, used: time.Second}, ""},
		{"throttled for a moment", "epoll", supply{time: time.Second, throttled: 9 * time.Millisecond}, ""},
		{"throttled", "epoll", supply{time: time.Second, throttled: 11 * time.Millisecond}, "kept it from them for 11ms of 1s"},
		{"waits, and the kernel stamps its lines", "epoll", supply{time: time.Second, waited: 900 * time.Millisecond}, ""},
		{"waits for longer", "epoll", supply{time: time.Second, waited: 1100 * time.Millisecond}, "starved: in 1s its threads waited 1.1s for processors that others had, at most 1s is sound"},
		{"waits, and takes that for lag", "portable", supply{time: time.Second, waited: 600 * time.Millisecond}, "at most 500ms is sound"},
		{"waits for a moment", "portable", supply{time: time.Second, waited: 400 * time.Millisecond}, ""},
		{"no time at all", "portable", supply{}, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if tt.fleet == "epoll" && kernelStamps == "" {
				t.Skip("no fleet here has its lines stamped by the kernel")
			}
			f := &fleet{name: tt.fleet, processors: 2}
			if got := f.hindrance(tt.supply); tt.want == "" && got != "" || !strings.Contains(got, tt.want) {
				t.Errorf("hindrance is %q, want %q", got, tt.want)
			}
		})
	}
}

func TestSupplyBetweenTwoInstants(t *testing.T) {
	const s = time.Second
	if got, want := (supply{5 * s, 4 * s, 3 * s, 2 * s}).minus(supply{s, s, s, s}), (supply{4 * s, 3 * s, 2 * s, s}); got != want {
		t.Errorf("supply is %v, want %v", got, want)
	}
	if got := (supply{waited: s}).minus(supply{waited: 2 * s}).waited; got != 0 {
		t.Errorf("a thread that has ended makes the others wait for %v", got)
	}
}
