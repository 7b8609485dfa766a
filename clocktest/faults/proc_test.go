//go:build linux && faults

package faults

import (
	"fmt"
	"net"
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

// connections returns the number of connections to the port of a clock that the
// kernel has open at the clock's end: of TCP over IPv4.
func (p *process) connections(t *testing.T) (n int) {
	t.Helper()
	const established, closeWait = "01", "08"
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/net/tcp", p.pid))
	if err != nil {
		t.Fatal(err)
	}
	_, port, err := net.SplitHostPort(p.addr)
	if err != nil {
		t.Fatal(err)
	}
	number, err := strconv.Atoi(port)
	if err != nil {
		t.Fatal(err)
	}
	suffix := fmt.Sprintf(":%04X", number)
	for line := range strings.Lines(string(text)) {
		words := strings.Fields(line) // number, local and remote address, state
		if len(words) > 3 && strings.HasSuffix(words[1], suffix) && (words[3] == established || words[3] == closeWait) {
			n++
		}
	}
	return n
}
