package clock

import "math"

// MemoryLimit returns the number of connections that the memory of this
// process's control group leaves room for, so that a server refuses clients
// before the kernel kills it; math.MaxInt32 if nothing limits it. The error says
// that there may be a limit which cannot be read.
func MemoryLimit() (int, error) {
	memory, err := groupMemory()
	if err != nil {
		return math.MaxInt32, err
	}
	return connsWithin(memory), nil
}

// connsWithin returns the number of connections for which there is room in so
// many bytes of memory: at least 1.
func connsWithin(memory uint64) int {
	return int(max(1, min((max(memory, reservedMemory)-reservedMemory)/clientMemory, math.MaxInt32)))
}
