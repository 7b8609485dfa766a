//go:build !unix

package clock

import "math"

// FileLimit returns the limit that open files set on connections: none here.
func FileLimit() int { return math.MaxInt32 }

// isReadable does not know here.
func isReadable(uintptr) bool { return false }

// DiscardInput does nothing here.
func DiscardInput(int) {}
