package clock

import (
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/prometheus/procfs"
)

// groupMemory returns the bytes of memory that this process's control group, or
// one that it is in, is limited to; math.MaxUint64 if none is.
func groupMemory() (uint64, error) {
	proc, err := procfs.NewDefaultFS()
	if err != nil {
		return 0, err
	}
	return groupMemoryIn(proc)
}

func groupMemoryIn(proc procfs.FS) (uint64, error) {
	self, err := proc.Self()
	if err != nil {
		return 0, err
	}
	groups, err := self.Cgroups()
	if errors.Is(err, fs.ErrNotExist) {
		return math.MaxUint64, nil // a kernel without control groups
	}
	if err != nil {
		return 0, err
	}
	mounts, err := proc.GetMounts()
	if err != nil {
		return 0, err
	}
	// Memory is limited in one hierarchy: that of version 1 which has the
	// controller, or else that of version 2.
	if i := slices.IndexFunc(groups, func(g procfs.Cgroup) bool { return slices.Contains(g.Controllers, "memory") }); i >= 0 {
		return leastLimit(mounts, groups[i].Path, "memory.limit_in_bytes", func(m *procfs.MountInfo) bool {
			_, memory := m.SuperOptions["memory"]
			return m.FSType == "cgroup" && memory
		})
	}
	if i := slices.IndexFunc(groups, func(g procfs.Cgroup) bool { return g.HierarchyID == 0 }); i >= 0 {
		return leastLimit(mounts, groups[i].Path, "memory.max", func(m *procfs.MountInfo) bool {
			return m.FSType == "cgroup2"
		})
	}
	return math.MaxUint64, nil
}

// leastLimit returns the least of the limits in files called name, of the
// control group at path and of those that it is in. Mounts of its hierarchy are
// those that is says yes to.
func leastLimit(mounts []*procfs.MountInfo, path, name string, is func(*procfs.MountInfo) bool) (uint64, error) {
	mounts = slices.DeleteFunc(slices.Clone(mounts), func(m *procfs.MountInfo) bool { return !is(m) })
	if len(mounts) == 0 && path == "/" {
		return math.MaxUint64, nil // nobody has made groups
	}
	for _, m := range mounts {
		below, inside := strings.CutPrefix(path+"/", strings.TrimSuffix(unescape(m.Root), "/")+"/")
		if !inside || strings.Contains("/"+below, "/../") {
			continue // the mount does not show the group
		}
		top := filepath.Clean(unescape(m.MountPoint))
		dir := filepath.Join(top, below)
		if _, err := os.Stat(dir); err != nil {
			continue // something else is mounted over it
		}
		for least := uint64(math.MaxUint64); ; dir = filepath.Dir(dir) {
			limit, err := readLimit(filepath.Join(dir, name))
			if err != nil {
				return 0, err
			}
			least = min(least, limit)
			if dir == top {
				return least, nil
			}
		}
	}
	return 0, fmt.Errorf("no file system mounted here shows the control group %s", path)
}

// readLimit reads a limit in bytes; there is none in the outermost group, nor in
// one without the controller.
func readLimit(file string) (uint64, error) {
	data, err := os.ReadFile(file)
	text := strings.TrimSpace(string(data))
	switch {
	case errors.Is(err, fs.ErrNotExist), text == "max":
		return math.MaxUint64, nil
	case err != nil:
		return 0, err
	}
	limit, err := strconv.ParseUint(text, 10, 64)
	if err != nil {
		return 0, fmt.Errorf("%s: %w", file, err)
	}
	return limit, nil
}

// unescape returns a path of mountinfo as it is (proc_pid_mountinfo(5)).
func unescape(path string) string {
	return strings.NewReplacer(`\040`, " ", `\011`, "\t", `\012`, "\n", `\134`, `\`).Replace(path)
}
