package terminal

import (
	"strings"

	"github.com/mattn/go-runewidth"
)

// cells measures text as terminals show it: a Chinese character takes two cells,
// an accent that combines with the letter before it none. What Unicode leaves
// open, such as the width of "…", is one, as tmux and the C library have it in
// every locale.
var cells = &runewidth.Condition{StrictEmojiNeutral: true}

// Width returns how many cells of a line s takes.
func Width(s string) int { return cells.StringWidth(s) }

// Cut returns as much of s as fits into width cells, with "…" in place of what
// does not.
func Cut(s string, width int) string { return cells.Truncate(s, max(width, 1), "…") }

// Align returns a line for each of the rows, with their cells in columns two
// spaces apart. No line ends in spaces.
func Align(rows [][]string) []string {
	var widths []int
	for _, row := range rows {
		widths = append(widths, make([]int, max(0, len(row)-len(widths)))...)
		for i, cell := range row {
			widths[i] = max(widths[i], Width(cell))
		}
	}
	lines := make([]string, len(rows))
	for i, row := range rows {
		var line strings.Builder
		for k, cell := range row {
			line.WriteString(cells.FillRight(cell, widths[k]+len(Gap)))
		}
		lines[i] = strings.TrimRight(line.String(), " ")
	}
	return lines
}

// Gap is what stands between two columns.
const Gap = "  "
