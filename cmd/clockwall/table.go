package main

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"clock/cmd/internal/terminal"
)

// What a table asks of a terminal; all that are in use know it. A row must
// never wrap into a second line, not even where a terminal takes a letter for
// wider than we do, or the table would be taller than it thinks.
const (
	cursorHome = "\x1b[H"
	cursorUp   = "\x1b[%dA"
	clearLine  = "\x1b[K" // from the cursor to its end
	clearBelow = "\x1b[J"
	hideCursor = "\x1b[?25l"
	showCursor = "\x1b[?25h"
	wrapOff    = "\x1b[?7l"
	wrapOn     = "\x1b[?7h"
)

// A display is a terminal to draw on; see terminal.Terminal.
type display interface {
	io.Writer
	Size() (columns, rows int)
	InForeground() bool
	Resumed() bool
	Close()
}

// table is a view of rows, one for each clock, drawn again in place. The cursor
// waits on the line below them. It is hidden only while a frame is written, so
// that whatever ends or stops the process leaves the terminal as it was.
type table struct {
	out   display
	drawn frame // the last one, if it stands right above the cursor
}

// A frame is what is drawn at a time.
type frame struct {
	columns, rows int // of the terminal
	lines         []string
}

func (t *table) tell(*clock) error { return nil }

func (t *table) draw(clocks []*clock, now time.Time) error {
	if t.out.Resumed() {
		t.drawn = frame{} // the shell has written below it
	}
	if !t.out.InForeground() {
		t.drawn = frame{} // the shell will
		return nil
	}
	var next frame
	next.columns, next.rows = t.out.Size()
	next.lines = cutBelow(layOut(clocks, now, next.columns), next.rows-1)
	resized := next.columns != t.drawn.columns || next.rows != t.drawn.rows
	if !resized && slices.Equal(next.lines, t.drawn.lines) {
		return nil
	}

	text := new(strings.Builder)
	text.WriteString(hideCursor + wrapOff + "\r")
	switch {
	case t.drawn.lines == nil:
	case resized: // and nobody knows where the terminal has put the lines
		text.WriteString(cursorHome)
	default:
		fmt.Fprintf(text, cursorUp, len(t.drawn.lines))
	}
	for _, line := range next.lines {
		text.WriteString(clearLine + line + "\n")
	}
	text.WriteString(clearBelow + wrapOn + showCursor)
	t.drawn = next
	_, err := io.WriteString(t.out, text.String())
	return err
}

// close clears what the terminal has echoed below the table, such as ^C.
func (t *table) close() error {
	t.out.Close()
	if !t.out.InForeground() {
		return nil
	}
	_, err := io.WriteString(t.out, "\r"+clearLine)
	return err
}

// The columns of the table.
const (
	nameColumn = iota
	addressColumn
	lineColumn
	offColumn
	stateColumn
)

var header = [...]string{"NAME", "ADDRESS", "LINE", "OFF", "STATE"}

// layOut returns the lines of the table, none wider than the terminal.
func layOut(clocks []*clock, now time.Time, columns int) []string {
	rows := [][len(header)]string{header}
	for _, c := range clocks {
		rows = append(rows, [...]string{c.name, c.address, cmp.Or(c.line, "-"), cmp.Or(c.off, "-"), c.mark(now)})
	}
	widths := fit(rows, columns)
	fitting := make([][]string, len(rows))
	for i, row := range rows {
		for column, cell := range row {
			fitting[i] = append(fitting[i], terminal.Cut(cell, widths[column]))
		}
	}
	lines := terminal.Align(fitting)
	for i, line := range lines {
		lines[i] = terminal.Cut(line, columns)
	}
	return lines
}

// fit returns the widths of the columns. When they do not fit, those give way
// that say least, down to a width at which they still say something.
func fit(rows [][len(header)]string, columns int) [len(header)]int {
	var widths [len(header)]int
	for _, row := range rows {
		for column, cell := range row {
			widths[column] = max(widths[column], terminal.Width(cell))
		}
	}
	excess := len(terminal.Gap)*(len(widths)-1) - columns
	for _, width := range widths {
		excess += width
	}
	for _, give := range []struct{ column, least int }{
		{stateColumn, 16}, {addressColumn, 16}, {lineColumn, 12}, {nameColumn, 12},
	} {
		narrower := max(0, min(excess, widths[give.column]-give.least))
		widths[give.column] -= narrower
		excess -= narrower
	}
	return widths
}

// cutBelow returns at most height lines, the last of which says how many are
// missing; but two in any case, the first being the header.
func cutBelow(lines []string, height int) []string {
	height = max(height, 2)
	if len(lines) <= height {
		return lines
	}
	hidden := len(lines) - height + 1
	return append(lines[:height-1], fmt.Sprintf("... and %d more", hidden))
}

// mark is what the table says of the state of c.
func (c *clock) mark(now time.Time) string {
	switch c.state {
	case connecting, running:
		return string(c.state)
	case stopped:
		return fmt.Sprintf("%s %v ago", stopped, now.Sub(c.silentSince).Truncate(time.Second))
	}
	return fmt.Sprintf("%s: %s", c.state, c.reason)
}
