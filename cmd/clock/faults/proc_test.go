//go:build linux && faults

package faults

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// resident returns the resident memory of the process in bytes.
func (p *process) resident(t *testing.T) int64 {
	t.Helper()
	return p.field(t, "smaps_rollup", "Rss:") << 10
}

// threads returns the number of threads of the process.
func (p *process) threads(t *testing.T) int {
	t.Helper()
	return int(p.field(t, "status", "Threads:"))
}

// files returns the number of open files of the process.
func (p *process) files(t *testing.T) int {
	t.Helper()
	entries, err := os.ReadDir(fmt.Sprintf("/proc/%d/fd", p.pid))
	if err != nil {
		t.Fatal(err)
	}
	return len(entries)
}

// settledFiles returns the number of files that a clock has open by itself: when
// it says that it serves, it may still be opening some.
func (p *process) settledFiles(t *testing.T) int {
	t.Helper()
	const steady = 50 // looks, 5 ms apart
	files, same := p.files(t), 0
	eventually(t, "its files are open", func() bool {
		now := p.files(t)
		if now != files {
			files, same = now, 0
		}
		same++
		return same > steady
	})
	return files
}

// processorTime returns the user and system time of the process so far, by its
// processor clock (clock_getcpuclockid(3)).
func (p *process) processorTime(t *testing.T) time.Duration {
	t.Helper()
	const schedClock = 2 // CPUCLOCK_SCHED of a process
	var at unix.Timespec
	if err := unix.ClockGettime(int32(^p.pid<<3|schedClock), &at); err != nil {
		t.Fatal(err)
	}
	return time.Duration(at.Nano())
}

// field returns the number that stands after a name in a file of /proc.
func (p *process) field(t *testing.T, file, name string) int64 {
	t.Helper()
	path := fmt.Sprintf("/proc/%d/%s", p.pid, file)
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(text)) {
		if words := strings.Fields(line); len(words) > 1 && words[0] == name {
			n, err := strconv.ParseInt(words[1], 10, 64)
			if err != nil {
				t.Fatal(err)
			}
			return n
		}
	}
	t.Fatalf("%s has no %s", path, name)
	return 0
}
