package main

import (
	"fmt"
	"io"
	"os"
)

// A progress shows how it goes: on a terminal in one line, which is written
// again and again, and elsewhere in as few lines as tell the story.
type progress struct {
	out   io.Writer
	name  string     // of the command, before each line that stays
	width func() int // of the terminal; nil if there is none
	drawn bool       // the live line is there
}

func newProgress(name string, stderr io.Writer) *progress {
	p := &progress{out: stderr, name: name}
	if file, ok := stderr.(*os.File); ok && isTerminal(file) {
		p.width = func() int { return terminalWidth(file) }
	}
	return p
}

// live reports whether there is a terminal for a live line.
func (p *progress) live() bool { return p.width != nil }

const eraseLine = "\r\x1b[K"

// draw writes the live line anew, if there is one.
func (p *progress) draw(line string) {
	if !p.live() {
		return
	}
	// A line as wide as the terminal would wrap, and could not be taken back.
	if shown := []rune(line); len(shown) >= p.width() {
		line = string(shown[:max(0, p.width()-1)])
	}
	fmt.Fprint(p.out, eraseLine, line)
	p.drawn = true
}

// note writes a line that stays.
func (p *progress) note(format string, args ...any) {
	p.clear()
	fmt.Fprintf(p.out, "%s: %s\n", p.name, fmt.Sprintf(format, args...))
}

// clear takes the live line away.
func (p *progress) clear() {
	if p.drawn {
		fmt.Fprint(p.out, eraseLine)
		p.drawn = false
	}
}
