package load

import (
	"math"
	"os"
	"path/filepath"
	"runtime"
	"sync/atomic"
	"testing"
	"time"

	"github.com/prometheus/procfs"
)

func TestControlGroupsBoundTheProcessors(t *testing.T) {
	for _, tt := range []struct {
		name      string
		groups    []map[string]string // the files of each
		quota     float64
		throttled time.Duration
	}{
		{"none", nil, math.Inf(1), 0},
		{"no limit", []map[string]string{{"cpu.max": "max 100000\n", "cpu.stat": "usage_usec 5\nnr_throttled 0\nthrottled_usec 0\n"}}, math.Inf(1), 0},
		{"a limit", []map[string]string{{"cpu.max": "150000 100000\n", "cpu.stat": "nr_periods 9\nnr_throttled 3\nthrottled_usec 250000\n"}}, 1.5, 250 * time.Millisecond},
		{"no limit, of the first version", []map[string]string{{"cpu.cfs_quota_us": "-1\n", "cpu.cfs_period_us": "100000\n"}}, math.Inf(1), 0},
		{"a limit, of the first version", []map[string]string{{"cpu.cfs_quota_us": "10000\n", "cpu.cfs_period_us": "50000\n", "cpu.stat": "nr_throttled 3\nthrottled_time 4000000\n"}}, 0.2, 4 * time.Millisecond},
		{"a lower limit above", []map[string]string{
			{"cpu.max": "200000 100000\n", "cpu.stat": "throttled_usec 1000\n"},
			{"cpu.max": "50000 100000\n", "cpu.stat": "throttled_usec 2000\n"},
			{}, // the root has no files
		}, 0.5, 3 * time.Millisecond},
		{"garbage", []map[string]string{{"cpu.max": "some\n", "cpu.stat": "throttled_usec\n\nthrottled_time many"}}, math.Inf(1), 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var groups cpuGroups
			for _, files := range tt.groups {
				dir := t.TempDir()
				for name, text := range files {
					if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
						t.Fatal(err)
					}
				}
				groups = append(groups, dir)
			}
			if got := groups.quota(); got != tt.quota {
				t.Errorf("quota is %v processors, want %v", got, tt.quota)
			}
			if got := groups.throttledTime(); got != tt.throttled {
				t.Errorf("throttled for %v, want %v", got, tt.throttled)
			}
		})
	}
}

func TestWhereAControlGroupIsShown(t *testing.T) {
	for _, tt := range []struct{ root, path, want string }{
		{"/", "/", "."},
		{"/", "/a/b:c", "a/b:c"},
		{"/docker/1", "/docker/1/b", "b"},
		{"/docker/1", "/docker/1", "."},
		{"/docker/1", "/elsewhere", "."}, // a container that is not told
		{"/..", "/", "."},
	} {
		if got := below(tt.root, tt.path); got != tt.want {
			t.Errorf("group %s in a mount of %s is at %s, want %s", tt.path, tt.root, got, tt.want)
		}
	}
	v1 := &procfs.MountInfo{FSType: "cgroup", SuperOptions: map[string]string{"rw": "", "cpu": "", "cpuacct": ""}}
	v2 := &procfs.MountInfo{FSType: "cgroup2"}
	for _, tt := range []struct {
		mount *procfs.MountInfo
		group procfs.Cgroup
		want  bool
	}{
		{v1, procfs.Cgroup{HierarchyID: 3, Controllers: []string{"cpu", "cpuacct"}}, true},
		{v1, procfs.Cgroup{HierarchyID: 4, Controllers: []string{"cpuset"}}, false},
		{v1, procfs.Cgroup{HierarchyID: 0}, false},
		{v2, procfs.Cgroup{HierarchyID: 0}, true},
		{v2, procfs.Cgroup{HierarchyID: 3, Controllers: []string{"cpu"}}, false},
	} {
		if got := isOf(tt.mount, tt.group); got != tt.want {
			t.Errorf("group %+v in a mount of %s: %v, want %v", tt.group, tt.mount.FSType, got, tt.want)
		}
	}
}

// TestWaitingIsCounted has more threads than processors want these.
func TestWaitingIsCounted(t *testing.T) {
	if waitedTime() == 0 {
		t.Skip("this kernel does not count it (CONFIG_SCHED_INFO)")
	}
	before := waitedTime()
	var stop atomic.Bool
	defer stop.Store(true)
	processors.Lock()
	defer processors.Unlock()
	threads := runtime.GOMAXPROCS(runtime.GOMAXPROCS(0) + runtime.NumCPU())
	defer runtime.GOMAXPROCS(threads)
	for range threads + runtime.NumCPU() {
		go func() {
			for !stop.Load() {
			}
		}()
	}
	for deadline := time.Now().Add(10 * time.Second); waitedTime() == before; time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("threads that share a processor have waited for nothing")
		}
	}
}
