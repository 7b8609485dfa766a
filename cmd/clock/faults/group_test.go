//go:build linux && faults

package faults

import (
	"os"
	"path/filepath"
	"testing"
)

// groups is where the kernel's control groups are.
const groups = "/sys/fs/cgroup"

// A group is a control group with one limit, by its directory.
type group string

// A limit is what a control group is limited to, by the names of the files and
// what to write to them, in either version of the interface.
type limit struct {
	controller string
	v1, v2     map[string]string
}

// newGroup makes a control group, and removes it at the end of the test. It
// skips the test where that may not be done.
func newGroup(t *testing.T, l limit) group {
	t.Helper()
	needRoot(t)
	parent, settings := filepath.Join(groups, l.controller), l.v1
	if _, err := os.Stat(parent); err != nil {
		parent, settings = groups, l.v2
	}
	const cure = "run it where the control groups may be written, not in a container"
	dir, err := os.MkdirTemp(parent, "clock:faults-") // a colon, as systemd's slices may have
	if err != nil {
		t.Skipf("needs a control group: %v: %s", err, cure)
	}
	t.Cleanup(func() {
		eventually(t, "the control group is removed", func() bool { return os.Remove(dir) == nil })
	})
	for file, value := range settings {
		if err := write(filepath.Join(dir, file), value); err != nil {
			t.Skipf("needs a control group for %s: %v: %s", l.controller, err, cure)
		}
	}
	return group(dir)
}

// write writes to a file that is there.
func write(file, value string) error {
	f, err := os.OpenFile(file, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	if _, err := f.WriteString(value); err != nil {
		_ = f.Close()
		return err
	}
	return f.Close()
}

// start starts a clock in the group.
func (g group) start(t *testing.T, v variant, flags ...string) *process {
	t.Helper()
	return command{variant: v, flags: flags, through: g.enter()}.start(t)
}

// enter is the command that starts another one in the group.
func (g group) enter() []string {
	return []string{"sh", "-c", `echo $$ >"$0"/cgroup.procs && exec "$@"`, string(g)}
}
