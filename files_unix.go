//go:build unix

package clock

import (
	"math"

	"golang.org/x/sys/unix"
)

// openFiles returns how many files this process may have open at once.
func openFiles() int {
	var limit unix.Rlimit
	if err := unix.Getrlimit(unix.RLIMIT_NOFILE, &limit); err != nil {
		return math.MaxInt32
	}
	return int(min(uint64(limit.Cur), math.MaxInt32))
}
