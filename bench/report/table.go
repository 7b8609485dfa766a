package report

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// A table is a table of the report.
type table struct {
	head []string
	rows [][]string
	keys int // columns that say what a row is about; the others hold figures
	text int // columns of text, to the left; the others are to the right
}

// newTable returns a table of figures. Its first column is text.
func newTable(keys int, head ...string) *table { return &table{head: head, keys: keys, text: 1} }

// newText returns a table of text.
func newText(head ...string) *table { return &table{head: head, keys: len(head), text: len(head)} }

func (t *table) add(row ...string) { t.rows = append(t.rows, row) }

// String returns the table in Markdown, padded so that it can be read as text
// too. A column in which nothing is known is left out, and so is a row; of a
// table that tells nothing, nothing is left.
func (t *table) String() string {
	rows := slices.DeleteFunc(slices.Clone(t.rows), func(row []string) bool {
		return t.keys < len(row) && !slices.ContainsFunc(row[t.keys:], known)
	})
	if len(rows) == 0 {
		return ""
	}
	var columns []int
	for i := range t.head {
		if i < t.keys || slices.ContainsFunc(rows, func(row []string) bool { return known(row[i]) }) {
			columns = append(columns, i)
		}
	}
	for i, row := range rows {
		rows[i] = slices.Clone(row)
		for j, s := range row {
			rows[i][j] = strings.ReplaceAll(s, "|", `\|`)
		}
	}
	width := make([]int, len(t.head))
	for _, row := range append(rows, t.head) {
		for i, s := range row {
			width[i] = max(width[i], utf8.RuneCountInString(s))
		}
	}

	var b strings.Builder
	line := func(row []string) {
		for _, i := range columns {
			pad := strings.Repeat(" ", width[i]-utf8.RuneCountInString(row[i]))
			if i < t.text {
				b.WriteString("| " + row[i] + pad + " ")
			} else {
				b.WriteString("| " + pad + row[i] + " ")
			}
		}
		b.WriteString("|\n")
	}
	line(t.head)
	for _, i := range columns {
		if i < t.text {
			b.WriteString("|:" + strings.Repeat("-", width[i]+1))
		} else {
			b.WriteString("|" + strings.Repeat("-", width[i]+1) + ":")
		}
	}
	b.WriteString("|\n")
	for _, row := range rows {
		line(row)
	}
	return strings.TrimSuffix(b.String(), "\n")
}

func known(s string) bool { return s != none && s != "" }
