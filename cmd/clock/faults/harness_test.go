//go:build linux && faults

package faults

import (
	"os"
	"os/exec"
	"testing"
	"time"

	"clock"
)

// patience is how long a test waits for what must happen. It is long because
// running out of it is a failure.
const patience = 30 * time.Second

// A variant is an engine with a ticker.
type variant struct {
	engine string
	ticker clock.TickerKind
}

// variants are those that must all come through every fault.
var variants = []variant{
	{"goroutine", clock.PerConn},
	{"goroutine", clock.Shared},
	{"gnet", clock.Shared},
	{"gnet", clock.PerConn},
}

func (v variant) String() string { return "engine=" + v.engine + "/ticker=" + string(v.ticker) }

// together runs a test for each variant at the same time, and with other tests:
// for a test that mostly waits.
func together(t *testing.T, test func(*testing.T, variant)) {
	t.Parallel()
	for _, v := range variants {
		t.Run(v.String(), func(t *testing.T) {
			t.Parallel()
			test(t, v)
		})
	}
}

// alone runs a test for each variant in turn, while no other test runs: for a
// test that loads the machine.
func alone(t *testing.T, test func(*testing.T, variant)) {
	for _, v := range variants {
		t.Run(v.String(), func(t *testing.T) { test(t, v) })
	}
}

// eventually waits for a condition, polling it, and returns how long it took.
func eventually(t *testing.T, what string, is func() bool) time.Duration {
	t.Helper()
	start := time.Now()
	for !is() {
		if time.Since(start) > patience {
			t.Fatalf("%s: not within %v", what, patience)
		}
		time.Sleep(5 * time.Millisecond)
	}
	return time.Since(start)
}

// needRoot skips a test where it is not run by root.
func needRoot(t *testing.T) {
	t.Helper()
	if os.Geteuid() != 0 {
		t.Skip("needs root: run it with sudo")
	}
}

// needCommand skips a test where there is no such command.
func needCommand(t *testing.T, name, cure string) {
	t.Helper()
	if _, err := exec.LookPath(name); err != nil {
		t.Skipf("needs %s: %s", name, cure)
	}
}
