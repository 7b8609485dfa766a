package clock

import (
	"errors"
	"fmt"
)

// ErrTooFewFiles says that the limit on open files leaves room for no client.
var ErrTooFewFiles = errors.New("too few open files")

// FileLimit returns the number of connections that the limit on open files
// leaves room for.
func FileLimit() int { return roomForConns(openFiles(), 0) }

// roomForConns returns the number of connections for which so many open files
// leave room, if the engine has some of them for itself. It is less than 1 where
// they are too few for any.
func roomForConns(files, engine int) int {
	reserved := max(min(reservedFiles+engine, files/2), leastFiles+engine)
	return files - reserved
}

// limitByFiles replaces a limit on connections that is 0 or too high by the
// highest that there are files for, of which the engine has some for itself.
func (o *Options) limitByFiles(engine int) error {
	files := openFiles()
	room := roomForConns(files, engine)
	if room < 1 {
		return fmt.Errorf("%w: %d are allowed, and %d are the least to serve with: raise the limit with ulimit -n", ErrTooFewFiles, files, leastFiles+engine+1)
	}
	if o.MaxConns == 0 {
		memory, _ := MemoryLimit() // that it cannot be read is for the command to say
		o.MaxConns = min(room, memory)
	}
	o.MaxConns = min(o.MaxConns, room)
	return nil
}
