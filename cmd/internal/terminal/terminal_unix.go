//go:build unix

package terminal

import (
	"os"
	"os/signal"
	"time"

	"golang.org/x/sys/unix"
)

func isTerminal(f *os.File) bool {
	_, err := unix.IoctlGetWinsize(int(f.Fd()), unix.TIOCGWINSZ)
	return err == nil
}

// Size returns the size in characters, or the usual one for a terminal that does
// not know its own, such as a serial line.
func (t *Terminal) Size() (columns, rows int) {
	size, err := unix.IoctlGetWinsize(int(t.file.Fd()), unix.TIOCGWINSZ)
	if err != nil || size.Col == 0 || size.Row == 0 {
		return 80, 24
	}
	return int(size.Col), int(size.Row)
}

// InForeground reports whether the terminal is ours to draw on. It is not while
// the shell runs us in the background: then the shell, or another of its jobs,
// has it.
func (t *Terminal) InForeground() bool {
	group, err := unix.IoctlGetInt(int(t.file.Fd()), unix.TIOCGPGRP)
	// No shell shares a terminal that does not control us, nor one whose other
	// processes we cannot see, as in a container.
	return err != nil || int32(group) == 0 || int(int32(group)) == unix.Getpgrp()
}

// WatchResume makes Resumed know. It holds until Close.
func (t *Terminal) WatchResume() {
	t.resume, t.asked = make(chan os.Signal, 1), time.Now()
	signal.Notify(t.resume, unix.SIGCONT)
}

// When a process goes on, its goroutines may run before one of them is told of
// the SIGCONT. So after a gap between two questions that is as long as a stop at
// the least, Resumed waits for longer than that takes.
const (
	leastStop = 200 * time.Millisecond
	mostDelay = 20 * time.Millisecond
)

// Resumed reports whether the process was stopped, as by Ctrl-Z, and goes on
// since the last call. If so, others may have written to the terminal meanwhile.
func (t *Terminal) Resumed() bool {
	gap := time.Since(t.asked)
	defer func() { t.asked = time.Now() }()
	select {
	case <-t.resume:
		return true
	default:
	}
	if gap < leastStop {
		return false
	}
	select {
	case <-t.resume:
		return true
	case <-time.After(mostDelay):
		return false
	}
}

// Close ends what WatchResume began. The terminal stays open.
func (t *Terminal) Close() { signal.Stop(t.resume) }
