package terminal_test

import (
	"strings"
	"testing"

	"clock/cmd/internal/terminal"
)

func TestTextTakesTheCellsThatATerminalGivesIt(t *testing.T) {
	tests := []struct {
		text  string
		width int
		cut   string // to four cells
	}{
		{"", 0, ""},
		{"Rome", 4, "Rome"},
		{"Tokyo", 5, "Tok…"},
		{"東京", 4, "東京"},
		{"東京都", 6, "東…"},
		{"a東京都", 7, "a東…"},
		{"서울 시", 7, "서…"},
		{"Zu\u0308rich", 6, "Zu\u0308r…"}, // an accent of its own stays with its letter
		{"…±µ§", 4, "…±µ§"},
		{"😀😀😀", 6, "😀…"},
	}
	for _, tt := range tests {
		if got := terminal.Width(tt.text); got != tt.width {
			t.Errorf("%q takes %d cells, want %d", tt.text, got, tt.width)
		}
		got := terminal.Cut(tt.text, 4)
		if got != tt.cut {
			t.Errorf("%q cut to 4 cells is %q, want %q", tt.text, got, tt.cut)
		}
	}
}

func TestColumnsKeepTheirPlace(t *testing.T) {
	got := strings.Join(terminal.Align([][]string{{"NAME", "LINE"}, {"東京都", "15:04:05", "running"}, {"Zu\u0308rich", "-"}, {"", "x"}, nil}), "\n")
	const want = "NAME    LINE\n" +
		"東京都  15:04:05  running\n" +
		"Zu\u0308rich  -\n" +
		"        x\n"
	if got != want {
		t.Errorf("the rows are\n%s\nwant\n%s", got, want)
	}
}
