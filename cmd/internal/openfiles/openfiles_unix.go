//go:build unix

package openfiles

import (
	"os"
	"strconv"
	"syscall"
)

// needed is how many files a command has to be able to open: the runtime has two
// for its poller, and to look up a name and to read the time zone takes some, at
// the same time as a listener and another for the admin server.
const needed = 8

func init() {
	room := room()
	if room == needed {
		return
	}
	var limit syscall.Rlimit
	_ = syscall.Getrlimit(syscall.RLIMIT_NOFILE, &limit)
	os.Stderr.WriteString(command() + ": too few open files: there is room for " + strconv.Itoa(room) + " more, and " + strconv.Itoa(needed) +
		" are the least to work with: raise the limit of " + strconv.Itoa(int(limit.Cur)) + " with ulimit -n\n")
	os.Exit(1)
}

// room returns how many of the files that are needed can be opened.
func room() int {
	for n := range needed {
		fd, err := syscall.Open("/", syscall.O_RDONLY|syscall.O_CLOEXEC, 0)
		if err == syscall.EMFILE {
			return n
		}
		if err == nil {
			defer syscall.Close(fd)
		}
	}
	return needed
}

// command returns the name that this program was called by, for errors.
func command() string {
	name := os.Args[0]
	for i := len(name) - 1; i >= 0; i-- {
		if os.IsPathSeparator(name[i]) {
			return name[i+1:]
		}
	}
	return name
}
