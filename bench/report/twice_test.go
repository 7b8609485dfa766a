package report_test

import (
	"bytes"
	"path/filepath"
	"testing"

	"clock/bench/report"
)

// A file under two names, and a copy of it, tell nothing that it does not.
func TestAFileGivenTwiceCountsOnce(t *testing.T) {
	dir := t.TempDir()
	out := filepath.Join(dir, "RESULTS.md")
	set := ours().set()
	a := save(t, filepath.Join(dir, "a.jsonl"), set)
	b := save(t, filepath.Join(dir, "b.jsonl"), set)
	once, err := report.Render(out, []string{a})
	if err != nil {
		t.Fatal(err)
	}
	again, err := report.Render(out, []string{a, dir + "/./a.jsonl"})
	if err != nil || !bytes.Equal(again.Markdown, once.Markdown) {
		t.Errorf("a file under two names gives another report: %v", err)
	}
	both, err := report.Render(out, []string{a, b})
	if err != nil {
		t.Fatal(err)
	}
	found, _, _ := bytes.Cut(once.Markdown, []byte("\n## Reproduce"))
	if !bytes.HasPrefix(both.Markdown, found) {
		t.Error("a copy beside the file makes the report say something else")
	}
}
