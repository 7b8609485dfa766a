//go:build !linux

package accept

import (
	"errors"
	"syscall"
)

// reusePort fails here: where the option exists, it does not spread clients
// over the processes, as it does on Linux.
func reusePort(string, string, syscall.RawConn) error {
	return errors.New("a port is shared between processes on Linux only")
}
