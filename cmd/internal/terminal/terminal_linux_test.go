package terminal_test

import (
	"bytes"
	"io"
	"os"
	"testing"

	"clock/cmd/internal/terminal"
)

func TestTerminalsThatObeyControlSequences(t *testing.T) {
	open := func(path string) *os.File {
		f, err := os.OpenFile(path, os.O_RDWR, 0)
		if err != nil {
			t.Skip(err)
		}
		t.Cleanup(func() { f.Close() })
		return f
	}
	pseudo, null := open("/dev/ptmx"), open("/dev/null")
	for _, tt := range []struct {
		term string
		w    io.Writer
		want bool
	}{
		{"xterm-256color", pseudo, true},
		{"linux", pseudo, true},
		{"dumb", pseudo, false},
		{"", pseudo, false},
		{"xterm", null, false},
		{"xterm", new(bytes.Buffer), false},
	} {
		t.Setenv("TERM", tt.term)
		if _, ok := terminal.Of(tt.w); ok != tt.want {
			t.Errorf("TERM=%s, %T: a terminal is %t, want %t", tt.term, tt.w, ok, tt.want)
		}
	}
}
