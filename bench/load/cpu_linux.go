package load

import (
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/prometheus/procfs"
)

// waitedTime returns how long the threads of this process have been ready to
// run and had no processor, by the scheduler's count (/proc/PID/task/TID/schedstat);
// 0 if the kernel does not count that.
func waitedTime() time.Duration {
	self, err := procfs.Self()
	if err != nil {
		return 0
	}
	threads, err := procfs.AllThreads(self.PID)
	if err != nil {
		return 0
	}
	var sum time.Duration
	for _, t := range threads {
		if stat, err := t.Schedstat(); err == nil { // or the thread has ended
			sum += time.Duration(stat.WaitingNanoseconds)
		}
	}
	return sum
}

// cpuGroups are the directories of the control groups that bound the processor
// time of this process: its own, and those above it. Either version of the
// interface has files of its own in them.
type cpuGroups []string

// newCPUGroups finds the groups; none if the system does not show them.
func newCPUGroups() cpuGroups {
	self, err := procfs.Self()
	if err != nil {
		return nil
	}
	groups, err := self.Cgroups()
	if err != nil {
		return nil
	}
	mounts, err := procfs.GetMounts()
	if err != nil {
		return nil
	}
	var dirs cpuGroups
	for _, g := range groups {
		i := slices.IndexFunc(mounts, func(m *procfs.MountInfo) bool { return isOf(m, g) })
		if i < 0 {
			continue
		}
		top := mounts[i].MountPoint
		dir := filepath.Join(top, below(mounts[i].Root, g.Path))
		for ; dir != top; dir = filepath.Dir(dir) {
			dirs = append(dirs, dir)
		}
		dirs = append(dirs, top)
	}
	return dirs
}

// isOf reports whether a mount shows the hierarchy that a group is of, and that
// can bound processor time.
func isOf(m *procfs.MountInfo, g procfs.Cgroup) bool {
	if g.HierarchyID == 0 {
		return m.FSType == "cgroup2"
	}
	_, cpu := m.SuperOptions["cpu"]
	return cpu && m.FSType == "cgroup" && slices.Contains(g.Controllers, "cpu")
}

// below returns where in a mount the group at path is, the mount showing what
// is below root: at its top if that is not told, as in some containers.
func below(root, path string) string {
	rel, err := filepath.Rel(root, path)
	if err != nil || !filepath.IsLocal(rel) {
		return "."
	}
	return rel
}

// quota returns how many processors the groups let this process use.
func (g cpuGroups) quota() float64 {
	least := math.Inf(1)
	for _, dir := range g {
		words := strings.Fields(text(dir, "cpu.max")) // "max 100000", or "10000 100000"
		if len(words) == 0 {
			words = strings.Fields(text(dir, "cpu.cfs_quota_us") + " " + text(dir, "cpu.cfs_period_us")) // "-1 100000"
		}
		if len(words) != 2 {
			continue
		}
		quota, err := strconv.ParseFloat(words[0], 64)
		period, err2 := strconv.ParseFloat(words[1], 64)
		if err == nil && err2 == nil && quota > 0 && period > 0 {
			least = min(least, quota/period)
		}
	}
	return least
}

// throttledTime returns how long the groups have kept processes from the
// processors, added up over these.
func (g cpuGroups) throttledTime() (sum time.Duration) {
	for _, dir := range g {
		for line := range strings.Lines(text(dir, "cpu.stat")) {
			name, value, _ := strings.Cut(strings.TrimSpace(line), " ")
			n, _ := strconv.ParseInt(value, 10, 64)
			switch name {
			case "throttled_usec":
				sum += time.Duration(n) * time.Microsecond
			case "throttled_time":
				sum += time.Duration(n)
			}
		}
	}
	return sum
}

// text returns what is in a file, nothing if it is not there.
func text(dir, file string) string {
	b, _ := os.ReadFile(filepath.Join(dir, file))
	return string(b)
}
