package clock

import (
	"math"

	"github.com/KimMachineGun/automemlimit/memlimit"
)

// MemoryLimit returns the number of connections that the memory of this
// process's control group leaves room for, so that a server refuses clients
// before the kernel kills it; no limit where there is none.
func MemoryLimit() int {
	limit, err := memlimit.FromCgroup()
	if err != nil {
		return math.MaxInt32
	}
	return connsWithin(limit)
}

// connsWithin returns the number of connections for which there is room in so
// many bytes of memory: at least 1.
func connsWithin(memory uint64) int {
	return int(max(1, min((max(memory, reservedMemory)-reservedMemory)/clientMemory, math.MaxInt32)))
}
