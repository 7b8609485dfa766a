//go:build !unix

package accept

// isReadable does not know here.
func isReadable(uintptr) bool { return false }

// DiscardInput does nothing here.
func DiscardInput(int) {}
