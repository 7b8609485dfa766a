//go:build unix

package load

import (
	"time"

	"golang.org/x/sys/unix"
)

// processorTime returns what this process has used so far, user and system.
func processorTime() time.Duration {
	var usage unix.Rusage
	if err := unix.Getrusage(unix.RUSAGE_SELF, &usage); err != nil {
		return 0
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}
