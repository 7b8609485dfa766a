package main

import (
	"bytes"
	"os"
	"regexp"
	"strings"
	"testing"
)

// TestTheSessionInTheREADMEIsWhatPlanPrints runs the command of the README on the
// data of this repository.
func TestTheSessionInTheREADMEIsWhatPlanPrints(t *testing.T) {
	t.Chdir("../..")
	readme, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	session := regexp.MustCompile(`(?m)^    \$ clockbench (plan .*)\n((?:(?:    .*)?\n)+)`).FindSubmatch(readme)
	if session == nil {
		t.Fatal("the README has no session with clockbench plan")
	}
	var stdout, stderr bytes.Buffer
	if code := run(t.Context(), strings.Fields(string(session[1])), &stdout, &stderr); code != 0 {
		t.Fatalf("exit code %d: %s", code, &stderr)
	}
	shown := strings.TrimSpace(strings.ReplaceAll("\n"+string(session[2]), "\n    ", "\n"))
	if printed := strings.TrimSpace(stdout.String()); printed != shown {
		t.Errorf("clockbench %s prints now\n%s\nput that into the README, which has\n%s", session[1], printed, shown)
	}
}
