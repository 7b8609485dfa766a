package main

import (
	"os/exec"
	"strings"
	"testing"
)

// TestSaysThatTheMemoryLimitCannotBeRead starts clock where the file system of
// the control groups is hidden: it serves, and says that it takes the memory for
// enough.
func TestSaysThatTheMemoryLimitCannotBeRead(t *testing.T) {
	hidden := []string{"-m", "sh", "-c", `mount -t tmpfs none /sys/fs/cgroup && exec "$@"`, "sh"}
	if out, err := exec.Command("unshare", append(hidden, "sh", "-c", "grep -q :memory:/. /proc/self/cgroup || grep -q 0::/. /proc/self/cgroup")...).CombinedOutput(); err != nil {
		t.Skipf("needs root, and a control group: %v %s", err, out)
	}
	p := startCommand(t, exec.Command("unshare", append(hidden, "clock", "-addr=127.0.0.1:0")...))
	p.stop(t)
	if said := strings.Count(p.stderr.String(), "cannot tell how much memory the control group leaves"); said != 1 {
		t.Errorf("said %d times, want once: stderr %q", said, p.stderr)
	}
}
