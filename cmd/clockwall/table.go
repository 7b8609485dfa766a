package main

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// What a table asks of a terminal; all that are in use know it. A row must
// never wrap into a second line, not even one of wide letters, or the table
// would be taller than it thinks.
const (
	cursorUp   = "\x1b[%dA"
	clearLine  = "\x1b[K" // from the cursor to its end
	clearBelow = "\x1b[J"
	hideCursor = "\x1b[?25l"
	showCursor = "\x1b[?25h"
	wrapOff    = "\x1b[?7l"
	wrapOn     = "\x1b[?7h"
)

// table is a view of rows, one for each clock, drawn again in place. The
// cursor waits on the line below them.
type table struct {
	out   io.Writer
	size  func() (columns, rows int) // of the terminal
	drawn []string
}

func (t *table) tell(*clock) error { return nil }

func (t *table) draw(clocks []*clock, now time.Time) error {
	columns, rows := t.size()
	lines := cutBelow(layOut(clocks, now, columns), rows-1)
	if slices.Equal(lines, t.drawn) {
		return nil
	}
	frame := new(strings.Builder)
	frame.WriteString(hideCursor + wrapOff + "\r")
	if len(t.drawn) > 0 {
		fmt.Fprintf(frame, cursorUp, len(t.drawn))
	}
	for _, line := range lines {
		frame.WriteString(clearLine + line + "\n")
	}
	frame.WriteString(clearBelow + wrapOn)
	t.drawn = lines
	_, err := io.WriteString(t.out, frame.String())
	return err
}

// close clears what the terminal has echoed below the table, such as ^C.
func (t *table) close() error {
	_, err := io.WriteString(t.out, "\r"+clearLine+showCursor)
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

const gap = "  " // between columns

// layOut returns the lines of the table, none wider than the terminal.
func layOut(clocks []*clock, now time.Time, columns int) []string {
	rows := [][len(header)]string{header}
	for _, c := range clocks {
		rows = append(rows, [...]string{c.name, c.address, cmp.Or(c.line, "-"), cmp.Or(c.off, "-"), c.mark(now)})
	}
	widths := fit(rows, columns)
	lines := make([]string, len(rows))
	for i, row := range rows {
		for column, cell := range row {
			width := widths[column]
			row[column] = fmt.Sprintf("%-*s", width, cut(cell, width))
		}
		lines[i] = cut(strings.TrimRight(strings.Join(row[:], gap), " "), columns)
	}
	return lines
}

// fit returns the widths of the columns. When they do not fit, those give way
// that say least, down to a width at which they still say something.
func fit(rows [][len(header)]string, columns int) [len(header)]int {
	var widths [len(header)]int
	for _, row := range rows {
		for column, cell := range row {
			widths[column] = max(widths[column], utf8.RuneCountInString(cell))
		}
	}
	excess := len(gap)*(len(widths)-1) - columns
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

// cut returns s in at most width letters.
func cut(s string, width int) string {
	if utf8.RuneCountInString(s) <= width {
		return s
	}
	return string([]rune(s)[:max(0, width-1)]) + "…"
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
