package report_test

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"clock/bench/record"
)

// TestResultsAreOfACommit: whoever doubts the results of this repository can
// build what was measured.
func TestResultsAreOfACommit(t *testing.T) {
	paths, _ := filepath.Glob("../results/*.jsonl") // the pattern is a good one
	for _, path := range paths {
		for _, env := range environments(t, path) {
			if why := env.Untraceable(); why != "" {
				t.Errorf("%s cannot be traced to a commit: %s (%q): measure again with what go build -buildvcs=true makes of a clean clone", path, why, env.Build)
				break
			}
		}
	}
	results, err := os.ReadFile("../../RESULTS.md")
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(results, []byte("(devel)")) {
		t.Error(`RESULTS.md gives "(devel)" as its build`)
	}
}

// environments are those that the measurements in a file were made in.
func environments(t *testing.T, path string) (list []record.Environment) {
	t.Helper()
	searches, err := record.HasSearches(path)
	if err != nil {
		t.Fatal(err)
	}
	if !searches {
		set, err := record.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		return append(list, set.Env)
	}
	found, err := record.ReadSearches(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range found {
		list = append(list, s.Env)
	}
	return list
}
