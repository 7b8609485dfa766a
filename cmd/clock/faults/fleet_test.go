//go:build linux && faults

package faults

import (
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"clock"
)

// TestFleetKeptFromItsProcessors loads a server that misses its SLO by far with
// a fleet that cannot tell: control groups throttle it, or other processes have
// its processors. It says so, and neither that the SLO is missed nor that it is
// met.
func TestFleetKeptFromItsProcessors(t *testing.T) {
	clockbench := filepath.Join(t.TempDir(), "clockbench")
	if out, err := exec.Command("go", "build", "-o", clockbench, "clock/cmd/clockbench").CombinedOutput(); err != nil {
		t.Fatalf("cannot build clockbench: %v\n%s", err, out)
	}
	srv := start(t, variant{"gnet", clock.Shared})
	// load runs a fleet through another command.
	load := func(t *testing.T, through []string, want string, flags ...string) {
		t.Helper()
		args := append(append([]string{}, through...), clockbench, "load", "-addr="+srv.addr, "-tz=UTC", "-layout="+layout,
			"-conns=2k", "-duration=3s", "-slo=p50=1ns")
		cmd := exec.Command(args[0], append(args[1:], flags...)...)
		out, _ := cmd.CombinedOutput() // the exit code tells
		if code := cmd.ProcessState.ExitCode(); code != 3 || !strings.Contains(string(out), "inconclusive: the fleet was "+want) {
			t.Errorf("%v: exit code %d, want 3 and that the fleet was %s; it said:\n%s", flags, code, want, out)
		}
	}
	for _, flag := range []string{"-portable=false", "-portable"} {
		t.Run("throttled/"+flag, func(t *testing.T) {
			g := newGroup(t, limit{"cpu",
				map[string]string{"cpu.cfs_quota_us": "3000"}, // in a period of 100 ms
				map[string]string{"cpu.max": "3000 100000"},
			})
			load(t, g.enter(), "throttled", flag)
		})
		t.Run("starved/"+flag, func(t *testing.T) {
			for range 2 * runtime.NumCPU() {
				launch(t, nil, nil, "sh", "-c", "while :; do :; done")
			}
			load(t, []string{"nice", "-n", "19"}, "starved", flag)
		})
	}
}
