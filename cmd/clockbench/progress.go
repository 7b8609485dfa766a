package main

import (
	"fmt"
	"io"

	"clock/cmd/internal/printable"
	"clock/cmd/internal/terminal"
)

// A progress shows how it goes: on a terminal in one line, which is written
// again and again, and elsewhere, or in the background, in as few lines as tell
// the story.
type progress struct {
	out      io.Writer
	name     string   // of the command, before each line that stays
	terminal drawable // nil if there is none
	drawn    bool     // the live line is there
}

// A drawable is a terminal for a live line; see terminal.Terminal.
type drawable interface {
	Size() (columns, rows int)
	InForeground() bool
}

func newProgress(name string, stderr io.Writer) *progress {
	p := &progress{out: stderr, name: name}
	if t, ok := terminal.Of(stderr); ok {
		p.terminal = t
	}
	return p
}

// live reports whether there is a terminal for a live line, and it is ours.
func (p *progress) live() bool { return p.terminal != nil && p.terminal.InForeground() }

const eraseLine = "\r\x1b[K"

// draw writes the live line anew, if there is one.
func (p *progress) draw(line string) {
	if !p.live() {
		return
	}
	// A line as wide as the terminal would wrap, and could not be taken back.
	columns, _ := p.terminal.Size()
	fmt.Fprint(p.out, eraseLine, terminal.Cut(printable.Text(line), columns-1))
	p.drawn = true
}

// note writes a line that stays.
func (p *progress) note(format string, args ...any) {
	p.clear()
	fmt.Fprintf(p.out, "%s: %s\n", p.name, printable.Text(fmt.Sprintf(format, args...)))
}

// clear takes the live line away.
func (p *progress) clear() {
	if p.drawn && p.live() {
		fmt.Fprint(p.out, eraseLine)
	}
	p.drawn = false
}
