// Package terminal is for commands that draw: it finds the terminal, its size,
// and whether it is theirs to draw on, and measures text as it is shown there.
package terminal

import (
	"io"
	"os"
	"time"
)

// A Terminal is one that obeys control sequences.
type Terminal struct {
	file   *os.File
	resume chan os.Signal // SIGCONT; nil before WatchResume
	asked  time.Time      // when Resumed last was
}

// Of returns the terminal that w writes to. There is none if w is anything else,
// or if TERM is empty or "dumb": such a terminal shows control sequences as
// garbage. Outside of Unix there is none either, for not every console there
// obeys.
func Of(w io.Writer) (*Terminal, bool) {
	file, ok := w.(*os.File)
	if term := os.Getenv("TERM"); !ok || term == "" || term == "dumb" || !isTerminal(file) {
		return nil, false
	}
	return &Terminal{file: file}, true
}

func (t *Terminal) Write(p []byte) (int, error) { return t.file.Write(p) }
