//go:build !unix

package clock

import "math"

// openFiles returns how many files this process may have open at once: no limit
// is known here.
func openFiles() int { return math.MaxInt32 }

// isReadable does not know here.
func isReadable(uintptr) bool { return false }

// DiscardInput does nothing here.
func DiscardInput(int) {}
