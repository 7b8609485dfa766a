package main

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// A screen shows what a terminal of some width would, and is as tall as need
// be. It obeys what a table asks of a terminal, and nothing else.
type screen struct {
	columns       int
	lines         []string
	x, y          int
	cursor, wraps bool
	faults        []string // what no terminal should be told
}

func newScreen(columns int) *screen {
	return &screen{columns: columns, lines: []string{""}, cursor: true, wraps: true}
}

var control = regexp.MustCompile(`^\x1b\[(\?25|\?7|\d*)([AJKhl])`)

func (s *screen) Write(p []byte) (int, error) {
	for text := string(p); text != ""; {
		if sequence := control.FindStringSubmatch(text); sequence != nil {
			text = text[len(sequence[0]):]
			s.obey(sequence[1], sequence[2])
			continue
		}
		for _, r := range text {
			s.put(r)
			text = text[len(string(r)):]
			break
		}
	}
	return len(p), nil
}

func (s *screen) obey(parameter, command string) {
	switch command + parameter {
	case "K":
		s.lines[s.y] = string([]rune(s.lines[s.y])[:s.x])
	case "J":
		s.lines[s.y] = string([]rune(s.lines[s.y])[:s.x])
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

func (s *screen) put(r rune) {
	switch {
	case r == '\r':
		s.x = 0
	case r == '\n':
		s.x = 0
		s.y++
		if s.y == len(s.lines) {
			s.lines = append(s.lines, "")
		}
	case r < ' ':
		s.fault("control character %q", r)
	case s.x == s.columns:
		s.fault("line %d is too wide at %q", s.y, r)
	default:
		line := []rune(s.lines[s.y])
		s.lines[s.y] = string(append(line[:s.x], r)) + string(line[min(s.x+1, len(line)):])
		s.x++
	}
}

func (s *screen) fault(format string, args ...any) {
	s.faults = append(s.faults, fmt.Sprintf(format, args...))
}

// expect checks what the screen shows.
func (s *screen) expect(t *testing.T, want string) {
	t.Helper()
	want = unindent(want)
	if got := strings.Join(s.lines, "\n"); got != want {
		t.Errorf("the screen shows:\n%s\nwant:\n%s", got, want)
	}
	for _, fault := range s.faults {
		t.Error(fault)
	}
}
