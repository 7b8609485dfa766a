package report

import "testing"

func TestATableLeavesOutWhatIsNotKnown(t *testing.T) {
	t.Run("columns and rows", func(t *testing.T) {
		table := newTable(1, "server", "lag", "µs", "reach")
		table.add("a|b", none, "12", "1")
		table.add("c", none, none, none)
		table.add("d", none, "345", none)
		want := `| server |  µs | reach |
|:-------|----:|------:|
| a\|b   |  12 |     1 |
| d      | 345 |     – |`
		if got := table.String(); got != want {
			t.Errorf("table\n%s\nwant\n%s", got, want)
		}
	})
	t.Run("all of it", func(t *testing.T) {
		table := newTable(1, "server", "lag")
		table.add("a", none)
		if got := table.String(); got != "" {
			t.Errorf("table %q, want none", got)
		}
	})
	t.Run("nothing of a table of text", func(t *testing.T) {
		table := newText("", "")
		table.add("memory", none)
		if got, want := table.String(), "|        |   |\n|:-------|:--|\n| memory | – |"; got != want {
			t.Errorf("table %q, want %q", got, want)
		}
	})
}
