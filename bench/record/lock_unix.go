//go:build unix && !solaris && !aix

package record

import (
	"errors"
	"os"

	"golang.org/x/sys/unix"
)

// lock keeps the file for this process, until it is closed or the process ends,
// however it does. Where the file's system knows no locks, it does nothing.
func lock(file *os.File) error {
	err := unix.Flock(int(file.Fd()), unix.LOCK_EX|unix.LOCK_NB)
	switch {
	case errors.Is(err, unix.EWOULDBLOCK):
		return errLocked
	case errors.Is(err, unix.ENOTSUP), errors.Is(err, unix.ENOSYS), errors.Is(err, unix.ENOLCK):
		return nil
	}
	return err
}
