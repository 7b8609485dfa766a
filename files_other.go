//go:build !unix

package clock

import "math"

// openFiles returns how many files this process may have open at once: no limit
// is known here.
func openFiles() int { return math.MaxInt32 }
