//go:build !unix

package terminal

import "os"

// There is no Terminal here, see Of, and so nobody to call its methods.

func isTerminal(*os.File) bool { return false }

// Size returns the usual size.
func (t *Terminal) Size() (columns, rows int) { return 80, 24 }

// InForeground is always true.
func (t *Terminal) InForeground() bool { return true }

// WatchResume does nothing: there is no Ctrl-Z that suspends.
func (t *Terminal) WatchResume() {}

// Resumed is never true.
func (t *Terminal) Resumed() bool { return false }

// Close does nothing.
func (t *Terminal) Close() {}
