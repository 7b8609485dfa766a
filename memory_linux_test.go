package clock

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/prometheus/procfs"
)

func TestTheMemoryLimitOfAControlGroup(t *testing.T) {
	const (
		v1 = "32 31 0:31 %s %s/cg rw,relatime - cgroup cgroup rw,memory\n"
		v2 = "41 31 0:38 %s %s/cg rw,relatime shared:9 - cgroup2 cgroup2 rw,nsdelegate\n"
	)
	tests := []struct {
		name   string
		groups string            // /proc/self/cgroup; "" for none
		mount  string            // of the control groups
		root   string            // of the mount
		files  map[string]string // below the mount
		want   uint64            // 0 for an error
		err    string
	}{
		{"a colon in the path", "0::/a:b/c", v2, "/", map[string]string{"a:b/c/memory.max": "1000"}, 1000, ""},
		{"a colon in the path, version 1", "4:memory:/a:b:c", v1, "/", map[string]string{"a:b:c/memory.limit_in_bytes": "1000"}, 1000, ""},
		{"one of several controllers", "0::/x\n4:cpu,memory:/a", v1, "/", map[string]string{"a/memory.limit_in_bytes": "1000"}, 1000, ""},
		{"of the group outside", "0::/a/b", v2, "/", map[string]string{"a/b/memory.max": "max", "a/memory.max": "1000", "memory.max": "max"}, 1000, ""},
		{"the least of all", "4:memory:/a/b", v1, "/", map[string]string{"a/b/memory.limit_in_bytes": "2000", "a/memory.limit_in_bytes": "1000"}, 1000, ""},
		{"in a container", "0::/docker/1", v2, "/docker/1", map[string]string{"memory.max": "1000"}, 1000, ""},
		{"an escaped root", "0::/a b/a\\x2db/c", v2, `/a\040b/a\134x2db`, map[string]string{"c/memory.max": "1000"}, 1000, ""},
		{"no limit", "0::/a", v2, "/", map[string]string{"a/memory.max": "max"}, math.MaxUint64, ""},
		{"no controller", "0::/a", v2, "/", map[string]string{"a/cgroup.procs": "1"}, math.MaxUint64, ""},
		{"no group", "0::/", v2, "/", map[string]string{"cgroup.procs": "1"}, math.MaxUint64, ""},
		{"none made", "0::/", "", "", nil, math.MaxUint64, ""},
		{"no control groups in the kernel", "", "", "", nil, math.MaxUint64, ""},
		{"not mounted", "0::/a", "", "", nil, 0, "no file system mounted here shows the control group /a"},
		{"hidden by another mount", "0::/a", v2, "/", nil, 0, "shows the control group /a"},
		{"another group mounted", "0::/a", v2, "/b", nil, 0, "shows the control group /a"},
		{"one of a like name mounted", "0::/ab", v2, "/a", nil, 0, "shows the control group /ab"},
		{"outside of its namespace", "0::/../a", v2, "/", nil, 0, "shows the control group /../a"},
		{"mounted outside of its namespace", "0::/", v2, "/../..", nil, 0, "shows the control group /"},
		{"no number", "0::/a", v2, "/", map[string]string{"a/memory.max": "much"}, 0, "memory.max: "},
		{"not to be read", "0::/a", v2, "/", map[string]string{"a/memory.max/file": ""}, 0, "is a directory"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			dir := t.TempDir()
			files := map[string]string{"proc/1/stat": ""}
			if tt.groups != "" {
				files["proc/1/cgroup"] = tt.groups + "\n"
			}
			files["proc/1/mountinfo"] = "22 27 0:4 / /proc rw,relatime - proc proc rw\n"
			if tt.mount != "" {
				files["proc/1/mountinfo"] += fmt.Sprintf(tt.mount, tt.root, strings.ReplaceAll(dir, " ", `\040`))
			}
			for name, text := range tt.files {
				files[filepath.Join("cg", name)] = text
			}
			for name, text := range files {
				path := filepath.Join(dir, name)
				if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			if err := os.Symlink("1", filepath.Join(dir, "proc", "self")); err != nil {
				t.Fatal(err)
			}
			proc, err := procfs.NewFS(filepath.Join(dir, "proc"))
			if err != nil {
				t.Fatal(err)
			}
			got, err := groupMemoryIn(proc)
			if got != tt.want || (err != nil) != (tt.want == 0) || err != nil && !strings.Contains(err.Error(), tt.err) {
				t.Errorf("groupMemoryIn = %d, %v, want %d and an error with %q", got, err, tt.want, tt.err)
			}
		})
	}
}
