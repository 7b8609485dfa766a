// Package printable makes text that comes from outside fit to be shown: on one
// line, and with nothing in it that a terminal might obey.
package printable

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// Text returns s, quoted as in Go if it has anything that is not printable.
func Text(s string) string {
	obeyed := func(r rune) bool { return !strconv.IsPrint(r) }
	if utf8.ValidString(s) && !strings.ContainsFunc(s, obeyed) {
		return s
	}
	return strconv.Quote(s)
}
