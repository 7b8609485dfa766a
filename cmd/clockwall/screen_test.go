package main

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/mattn/go-runewidth"
)

// A screen is a display that shows what a terminal of some width would, and is
// as tall as need be. It obeys what a table asks of a terminal, and nothing else.
type screen struct {
	columns, rows int
	lines         [][]string // of cells; the second one of a wide letter is empty
	x, y          int
	cursor, wraps bool
	background    bool     // the shell has the terminal
	resumed       bool     // as Resumed says, once
	faults        []string // what no terminal should be told
}

func newScreen(columns, rows int) *screen {
	return &screen{columns: columns, rows: rows, lines: make([][]string, 1), cursor: true, wraps: true}
}

func (s *screen) Size() (columns, rows int) { return s.columns, s.rows }

func (s *screen) InForeground() bool { return !s.background }

func (s *screen) Resumed() bool {
	defer func() { s.resumed = false }()
	return s.resumed
}

func (s *screen) Close() {}

var control = regexp.MustCompile(`^\x1b\[(\?25|\?7|\d*)([AHJKhl])`)

func (s *screen) Write(p []byte) (int, error) {
	if s.background {
		s.fault("%q while the shell has the terminal", p)
	}
	for text := string(p); text != ""; {
		if sequence := control.FindStringSubmatch(text); sequence != nil {
			text = text[len(sequence[0]):]
			s.obey(sequence[1], sequence[2])
			continue
		}
		r, size := utf8.DecodeRuneInString(text)
		text = text[size:]
		s.put(r)
	}
	if !s.cursor || !s.wraps {
		s.fault("the terminal is left without cursor or line wrap")
	}
	return len(p), nil
}

func (s *screen) obey(parameter, command string) {
	switch command + parameter {
	case "H":
		s.x, s.y = 0, 0
	case "K":
		s.clearLine()
	case "J":
		s.clearLine()
		s.lines = s.lines[:s.y+1]
	case "h?25", "l?25":
		s.cursor = command == "h"
	case "h?7", "l?7":
		s.wraps = command == "h"
	default:
		up, err := strconv.Atoi(parameter)
		if command != "A" || err != nil || up > s.y {
			s.fault("control sequence %s%s in line %d", parameter, command, s.y)
			return
		}
		s.y -= up
	}
}

func (s *screen) clearLine() {
	s.lines[s.y] = s.lines[s.y][:min(s.x, len(s.lines[s.y]))]
}

func (s *screen) put(r rune) {
	width := runewidth.RuneWidth(r)
	switch {
	case r == '\r':
		s.x = 0
	case r == '\n':
		s.x = 0
		s.y++
		if s.y == len(s.lines) {
			s.lines = append(s.lines, nil)
		}
	case r < ' ':
		s.fault("control character %q", r)
	case width == 0 && s.x > 0:
		s.lines[s.y][s.x-1] += string(r)
	case s.x+width > s.columns:
		s.fault("line %d is too wide at %q", s.y, r)
	default:
		letter := append([]string{string(r)}, make([]string, width-1)...)
		line := s.lines[s.y]
		s.lines[s.y] = slices.Concat(line[:s.x], letter, line[min(s.x+width, len(line)):])
		s.x += width
	}
}

// text is what the screen shows.
func (s *screen) text() string {
	var b strings.Builder
	for i, line := range s.lines {
		if i > 0 {
			b.WriteByte('\n')
		}
		b.WriteString(strings.Join(line, ""))
	}
	return b.String()
}

func (s *screen) fault(format string, args ...any) {
	s.faults = append(s.faults, fmt.Sprintf(format, args...))
}

// expect checks what the screen shows.
func (s *screen) expect(t *testing.T, want string) {
	t.Helper()
	want = unindent(want)
	if got := s.text(); got != want {
		t.Errorf("the screen shows:\n%s\nwant:\n%s", got, want)
	}
	for _, fault := range s.faults {
		t.Error(fault)
	}
}
