package bench

import (
	"bytes"
	"errors"
	"fmt"
	"iter"
	"os"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// A group is a process group, seen from outside.
type group int

// processes yields the processes that there are.
func processes() iter.Seq[int] {
	return func(yield func(int) bool) {
		entries, _ := os.ReadDir("/proc") // without it there is nothing to be seen
		for _, e := range entries {
			if pid, err := strconv.Atoi(e.Name()); err == nil && !yield(pid) {
				return
			}
		}
	}
}

// members returns the processes of the group that are alive.
func (g group) members() ([]int, error) {
	var pids []int
	for pid := range processes() {
		if pgid, err := unix.Getpgid(pid); err == nil && pgid == int(g) && !isZombie(pid) {
			pids = append(pids, pid)
		}
	}
	if len(pids) == 0 {
		return nil, errors.New("the process has ended")
	}
	return pids, nil
}

// sum adds up what the processes have of something. One that has ended
// meanwhile has nothing.
func sum[T int | int64 | time.Duration](pids []int, of func(pid int) (T, error)) (total T, err error) {
	for _, pid := range pids {
		part, err := of(pid)
		switch {
		case err == nil:
			total += part
		case unix.Kill(pid, 0) == nil && !isZombie(pid):
			return 0, err
		}
	}
	return total, nil
}

// processorTime returns the user and system time of the group so far.
func (g group) processorTime() (time.Duration, error) {
	pids, err := g.members()
	if err != nil {
		return 0, err
	}
	return sum(pids, processorTime)
}

// processorTime returns the user and system time of a process so far, by its
// processor clock (clock_getcpuclockid(3)), which counts nanoseconds and the
// threads that have ended; and that of its children that have ended, in the
// ticks of the kernel's accounting.
func processorTime(pid int) (time.Duration, error) {
	const schedClock = 2 // CPUCLOCK_SCHED of a process
	var t unix.Timespec
	if err := unix.ClockGettime(int32(^pid<<3|schedClock), &t); err != nil {
		return 0, fmt.Errorf("the processor clock of process %d: %w", pid, err)
	}
	children, err := childrenTime(pid)
	return time.Duration(t.Nano()) + children, err
}

// childrenTime returns the processor time of a process's children that have
// ended and that it has waited for.
func childrenTime(pid int) (time.Duration, error) {
	words, err := processStat(pid)
	if err != nil {
		return 0, err
	}
	var ticks int64
	for _, word := range words[13:15] { // cutime and cstime
		n, err := strconv.ParseInt(word, 10, 64)
		if err != nil {
			return 0, err
		}
		ticks += n
	}
	return time.Duration(ticks) * accountingTick, nil
}

// isZombie reports whether a process has ended, and nobody has waited for it.
func isZombie(pid int) bool {
	words, err := processStat(pid)
	return err == nil && words[0] == "Z"
}

// processStat returns what the kernel says of a process (proc_pid_stat(5)), from its
// state on: what comes before, a name in brackets, may hold anything.
func processStat(pid int) ([]string, error) {
	file := fmt.Sprintf("/proc/%d/stat", pid)
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	const enough = 15
	words := strings.Fields(string(text[bytes.LastIndexByte(text, ')')+1:]))
	if len(words) < enough {
		return nil, fmt.Errorf("%s has %d words after the name, not %d", file, len(words), enough)
	}
	return words, nil
}

// accountingTick is the unit of the kernel's accounting, USER_HZ.
const accountingTick = time.Second / 100

// resident returns the resident memory of a process in bytes, exactly: the
// counters of /proc/PID/statm are off by up to a megabyte.
func resident(pid int) (int64, error) {
	kilobytes, err := field(fmt.Sprintf("/proc/%d/smaps_rollup", pid), "Rss:", 1)
	return kilobytes << 10, err
}

// openFiles returns how many files a process has open.
func openFiles(pid int) (int, error) {
	dir, err := os.Open(fmt.Sprintf("/proc/%d/fd", pid))
	if err != nil {
		return 0, err
	}
	defer dir.Close()
	names, err := dir.Readdirnames(-1)
	return len(names), err
}

// The parts of the kernel's slab: all of it, and the one that it cannot have
// back for the asking, as it can what it only remembers about files.
const (
	allSlab         = "Slab:"
	unreclaimedSlab = "SUnreclaim:"
)

// kernelMemory returns a part of the kernel's slab, and the pages of TCP's
// buffers, in bytes.
func kernelMemory(slabPart string) (int64, error) {
	slab, err := field("/proc/meminfo", slabPart, 1)
	if err != nil {
		return 0, err
	}
	pages, err := field("/proc/net/sockstat", "TCP:", 10)
	return slab<<10 + pages*int64(os.Getpagesize()), err
}

// busyTime returns the time that the processors have not been idle, as far as
// the ticks of the kernel's accounting tell, a hundredth of a second each. In a
// container the kernel may show fewer of them than may be used: the error is
// then errNoField.
func busyTime(cpus []int) (time.Duration, error) {
	var busy int64
	for _, cpu := range cpus {
		// user nice system idle iowait irq softirq steal
		for _, i := range []int{1, 2, 3, 6, 7, 8} {
			ticks, err := field("/proc/stat", fmt.Sprintf("cpu%d", cpu), i)
			if err != nil {
				return 0, err
			}
			busy += ticks
		}
	}
	return time.Duration(busy) * accountingTick, nil
}

// loadAverages returns the load averages over 1, 5 and 15 minutes.
func loadAverages() (averages [3]float64) {
	text, _ := os.ReadFile("/proc/loadavg")
	for i, word := range strings.Fields(string(text)) {
		if i < len(averages) {
			averages[i], _ = strconv.ParseFloat(word, 64)
		}
	}
	return averages
}

// errNoField says that a file of the kernel lacks what it has elsewhere.
var errNoField = errors.New("not there")

// field returns word i of the line of a file that begins with the given word,
// or an error that is errNoField.
func field(file, first string, i int) (int64, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return 0, err
	}
	for line := range bytes.Lines(text) {
		words := strings.Fields(string(line))
		if len(words) > i && words[0] == first {
			return strconv.ParseInt(words[i], 10, 64)
		}
	}
	return 0, fmt.Errorf("%s of %s: %w", first, file, errNoField)
}
