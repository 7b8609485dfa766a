//go:build linux && faults

package faults

import (
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

const (
	units   = "../../deploy/systemd"
	systemd = "/lib/systemd/systemd"
)

// TestSystemdStartsClockAgain runs the units of deploy/systemd in systemd itself
// and ends clock in every way, all of them within the time in which systemd
// would by default give up. Only wrong flags are final.
func TestSystemdStartsClockAgain(t *testing.T) {
	t.Parallel()
	m := newManager(t, "")
	for _, end := range []string{"KILL", "SEGV", "ABRT", "TERM", "HUP", "KILL", "KILL"} {
		m.systemctl(t, "kill", "--signal="+end, "clock.service")
		m.awaitAnother(t, "SIG"+end)
	}

	// The watchdog ends one that is stuck.
	m.systemctl(t, "kill", "--signal=STOP", "clock.service")
	m.awaitAnother(t, "SIGSTOP")

	m.setFlags(t, "-colour=red")
	m.systemctl(t, "kill", "--signal=KILL", "clock.service")
	eventually(t, "systemd gives up", func() bool { return m.property(t, "clock.service", "ActiveState") == "failed" })
	if status := m.property(t, "clock.service", "ExecMainStatus"); status != "2" {
		t.Errorf("systemd gives up after exit code %s, want 2", status)
	}
	m.dial(t) // who comes has systemd try again, for a while
	eventually(t, "systemd closes the socket", func() bool { return m.property(t, "clock.socket", "ActiveState") == "failed" })
	m.setFlags(t, "")
	m.systemctl(t, "restart", "clock.service")
	m.dial(t).line(t)
}

// A manager is a systemd that runs the units of clock and no others, with a
// network, processes and a control group of its own.
type manager struct {
	*process        // clock, as its clients see it
	init     string // the number of systemd's process
	dropIns  string // the directory of those of clock.service
	last     string // the number of the last clock's process, in systemd's namespace
}

// boot is the script that becomes systemd: sh -c boot CLOCK UNITS DROPINS. Of
// this machine's files and settings, systemd can write none.
const boot = `set -e
mount --make-rprivate /
mount -t tmpfs tmpfs /run
mkdir -p /run/units/clock.service.d
mount --bind "$2" /run/units/clock.service.d
cp "$1"/clock.* /run/units
cp "$0" /run/clock
for target in sysinit basic shutdown sockets multi-user; do
	printf '[Unit]\nDefaultDependencies=no\n' >/run/units/$target.target
done
for dir in /tmp /var/tmp /usr/local/bin /sys/fs/cgroup; do
	mount -t tmpfs tmpfs $dir
done
cp /run/clock /usr/local/bin
mount -t cgroup2 cgroup2 /sys/fs/cgroup
mount --bind /proc/sys /proc/sys
mount -o remount,bind,ro /proc/sys
mount -o remount,bind,ro /
export container=test SYSTEMD_UNIT_PATH=/run/units SYSTEMD_GENERATOR_PATH=/none SYSTEMD_ENVIRONMENT_GENERATOR_PATH=/none
exec ` + systemd + ` --system --unit=multi-user.target --log-target=console --log-level=err --show-status=no
`

// newManager boots a systemd and has it serve, with flags besides the units'. It
// skips the test where systemd cannot be run.
func newManager(t *testing.T, flags string) *manager {
	t.Helper()
	needRoot(t)
	needCommand(t, systemd, "install systemd")
	needCommand(t, "unshare", "install util-linux")
	group := newUnifiedGroup(t)
	m := &manager{dropIns: t.TempDir()}
	m.writeFlags(t, flags)
	source, err := filepath.Abs(units)
	if err != nil {
		t.Fatal(err)
	}
	enter := `echo $$ >"$0"/cgroup.procs && exec "$@"`
	p := launch(t, namespace(t), nil, "sh", "-c", enter, group,
		"unshare", "--pid", "--fork", "--kill-child", "--mount", "--mount-proc", "--ipc", "--uts", "--cgroup",
		"sh", "-c", boot, clockCommand, source, m.dropIns)
	children := fmt.Sprintf("/proc/%d/task/%d/children", p.pid, p.pid)
	eventually(t, "systemd is up", func() bool {
		if p.hasExited() {
			t.Skipf("needs to run systemd in namespaces: %s: run it where they may be made", p.stderr.String())
		}
		child, _ := os.ReadFile(children) // not there yet, or no more
		m.init = strings.TrimSpace(string(child))
		out, _ := m.run("is-system-running")
		return strings.TrimSpace(out) == "running"
	})
	m.process = &process{place: p.place, network: "tcp", addr: "127.0.0.1:8000"}
	m.systemctl(t, "start", "clock.socket", "clock.service")
	m.awaitAnother(t, "start")
	return m
}

// newUnifiedGroup makes a control group of version 2, and removes it with those
// in it at the end of the test.
func newUnifiedGroup(t *testing.T) string {
	t.Helper()
	parents := []string{groups, filepath.Join(groups, "unified")}
	i := slices.IndexFunc(parents, func(dir string) bool {
		_, err := os.Stat(filepath.Join(dir, "cgroup.controllers"))
		return err == nil
	})
	if i < 0 {
		t.Skip("needs control groups of version 2: mount them at " + groups)
	}
	group, err := os.MkdirTemp(parents[i], "clock-faults-")
	if err != nil {
		t.Skipf("needs a control group: %v: run it where they may be written, not in a container", err)
	}
	t.Cleanup(func() {
		eventually(t, "the control group is removed", func() bool {
			var dirs []string
			_ = filepath.WalkDir(group, func(path string, entry fs.DirEntry, err error) error {
				if err == nil && entry.IsDir() {
					dirs = append(dirs, path)
				}
				return nil
			})
			for _, dir := range slices.Backward(dirs) {
				_ = unix.Rmdir(dir) // those in it first; the last one tells
			}
			_, err := os.Stat(group)
			return os.IsNotExist(err)
		})
	})
	return group
}

// writeFlags has the next clock start with flags besides the tests'.
func (m *manager) writeFlags(t *testing.T, flags string) {
	t.Helper()
	text := "[Service]\nExecStart=\nExecStart=/usr/local/bin/clock -tz=UTC -layout=" + layout + " " + flags + "\n"
	if err := os.WriteFile(filepath.Join(m.dropIns, "flags.conf"), []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// setFlags is writeFlags for a systemd that is up.
func (m *manager) setFlags(t *testing.T, flags string) {
	t.Helper()
	m.writeFlags(t, flags)
	m.systemctl(t, "daemon-reload")
}

// awaitAnother waits until a clock serves that is not the last one.
func (m *manager) awaitAnother(t *testing.T, after string) {
	t.Helper()
	eventually(t, "after "+after+", another clock serves", func() bool {
		if m.property(t, "clock.service", "ActiveState") != "active" {
			return false
		}
		pid := m.property(t, "clock.service", "MainPID")
		if _, err := strconv.Atoi(pid); err != nil {
			t.Fatalf("MainPID=%q: %v", pid, err)
		}
		another := pid != "0" && pid != m.last
		m.last = pid
		return another
	})
	m.dial(t).line(t)
}

// property returns what systemd knows of a unit.
func (m *manager) property(t *testing.T, unit, name string) string {
	t.Helper()
	return strings.TrimSpace(m.systemctl(t, "show", "--value", "--property="+name, unit))
}

// systemctl runs a command of systemctl, which must succeed.
func (m *manager) systemctl(t *testing.T, args ...string) string {
	t.Helper()
	out, err := m.run(args...)
	if err != nil {
		t.Fatalf("systemctl %s: %v: %s", strings.Join(args, " "), err, out)
	}
	return out
}

func (m *manager) run(args ...string) (string, error) {
	out, err := exec.Command("nsenter", append([]string{"--all", "--target=" + m.init, "systemctl"}, args...)...).CombinedOutput()
	return string(out), err
}
