package printable_test

import (
	"testing"

	"clock/cmd/internal/printable"
)

func TestText(t *testing.T) {
	tests := []struct{ text, want string }{
		{"15:04:05", "15:04:05"},
		{"15時04分", "15時04分"},
		{`say "noon" \o/`, `say "noon" \o/`},
		{"", ""},
		{"\x1b[31mred", `"\x1b[31mred"`},
		{"a\tb", `"a\tb"`},
		{"12:00:00\r13", `"12:00:00\r13"`},
		{"\u009b2J", `"\u009b2J"`},       // a C1 control, in UTF-8
		{"\x9b2J", `"\x9b2J"`},           // and as a byte
		{"\u202e50:40", `"\u202e50:40"`}, // right to left
		{"del\x7f", `"del\x7f"`},
	}
	for _, test := range tests {
		if got := printable.Text(test.text); got != test.want {
			t.Errorf("Text(%q) = %s, want %s", test.text, got, test.want)
		}
	}
}
