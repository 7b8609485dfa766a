package bench

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// A group is a process group, seen from outside.
type group int

// members returns the processes of the group that are alive.
func (g group) members() ([]int, error) {
	entries, err := os.ReadDir("/proc")
	if err != nil {
		return nil, err
	}
	var pids []int
	for _, e := range entries {
		pid, err := strconv.Atoi(e.Name())
		if err != nil {
			continue
		}
		if pgid, err := unix.Getpgid(pid); err == nil && pgid == int(g) {
			pids = append(pids, pid)
		}
	}
	if len(pids) == 0 {
		return nil, errors.New("the process has ended")
	}
	return pids, nil
}

// processorTime returns the user and system time of the group so far, by its
// members' processor clocks (clock_getcpuclockid(3)), which count nanoseconds
// and the threads that have ended.
func (g group) processorTime() (time.Duration, error) {
	const schedClock = 2 // CPUCLOCK_SCHED of a process
	pids, err := g.members()
	if err != nil {
		return 0, err
	}
	var sum time.Duration
	for _, pid := range pids {
		var t unix.Timespec
		if err := unix.ClockGettime(int32(^pid<<3|schedClock), &t); err != nil {
			return 0, fmt.Errorf("the processor clock of process %d: %w", pid, err)
		}
		sum += time.Duration(t.Nano())
	}
	return sum, nil
}

// resident returns the resident memory of the processes in bytes, exactly:
// the counters of /proc/PID/statm are off by up to a megabyte.
func resident(pids []int) (int64, error) {
	var sum int64
	for _, pid := range pids {
		kilobytes, err := field(fmt.Sprintf("/proc/%d/smaps_rollup", pid), "Rss:", 1)
		if err != nil {
			return 0, err
		}
		sum += kilobytes << 10
	}
	return sum, nil
}

// openFiles returns how many files the processes have open.
func openFiles(pids []int) (n int, err error) {
	for _, pid := range pids {
		dir, err := os.Open(fmt.Sprintf("/proc/%d/fd", pid))
		if err != nil {
			return 0, err
		}
		names, err := dir.Readdirnames(-1)
		dir.Close()
		if err != nil {
			return 0, err
		}
		n += len(names)
	}
	return n, nil
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
// the ticks of the kernel's accounting tell, a hundredth of a second each.
func busyTime(cpus []int) (time.Duration, error) {
	var sum int64
	for _, cpu := range cpus {
		// user nice system idle iowait irq softirq steal
		for _, i := range []int{1, 2, 3, 6, 7, 8} {
			ticks, err := field("/proc/stat", fmt.Sprintf("cpu%d", cpu), i)
			if err != nil {
				return 0, err
			}
			sum += ticks
		}
	}
	return time.Duration(sum) * time.Second / 100, nil
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

// field returns word i of the line of a file that begins with the given word.
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
	return 0, fmt.Errorf("%s has no %s", file, first)
}
