package main

import (
	"bytes"
	"flag"
	"io"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// help returns what -help prints.
func help(t *testing.T) string {
	t.Helper()
	var stdout, stderr bytes.Buffer
	if code := run(t.Context(), []string{"-help"}, &stdout, &stderr); code != 0 || stderr.Len() > 0 {
		t.Errorf("exit code %d, stderr %q, want 0 and nothing", code, &stderr)
	}
	return stdout.String()
}

func TestHelpHasTheSectionsOfAManual(t *testing.T) {
	var got []string
	for line := range strings.Lines(help(t)) {
		if heading := strings.TrimSpace(line); heading != "" && heading == strings.ToUpper(line[:len(line)-1]) && line[0] != ' ' {
			got = append(got, heading)
		}
	}
	want := []string{
		"USAGE", "EXAMPLES", "HOW TO SERVE", "WHERE TO LISTEN", "WHAT A LINE SHOWS",
		"WHAT CLIENTS MAY COST", "WATCHING IT", "OTHER FLAGS", "AS A SERVICE", "SIGNALS", "EXIT CODES",
	}
	if !slices.Equal(got, want) {
		t.Errorf("the sections are %q, want %q", got, want)
	}
}

// TestManualKnowsEveryFlag holds the manual and the flags together: it describes
// all of them, no other, with their defaults.
func TestManualKnowsEveryFlag(t *testing.T) {
	described := make(map[string]string) // text by flag
	entry := regexp.MustCompile(`(?m)^    -(\S+)(?: \S+)?\n((?: {8}.*\n)+)`)
	for _, m := range entry.FindAllStringSubmatch(help(t), -1) {
		if _, twice := described[m[1]]; twice {
			t.Errorf("the manual describes -%s twice", m[1])
		}
		described[m[1]] = m[2]
	}
	delete(described, "help") // package flag has it
	new(config).flags().VisitAll(func(f *flag.Flag) {
		text, ok := described[f.Name]
		switch {
		case !ok:
			t.Errorf("the manual does not describe -%s", f.Name)
		case f.DefValue != "false" && !strings.Contains(text, f.DefValue):
			t.Errorf("the manual does not say that the default of -%s is %s:\n%s", f.Name, f.DefValue, text)
		}
		delete(described, f.Name)
	})
	if len(described) > 0 {
		t.Errorf("the manual describes flags that clock does not take: %q", slices.Sorted(maps.Keys(described)))
	}
}

// TestExamplesOfTheManualAreUnderstood parses the command lines of the manual.
func TestExamplesOfTheManualAreUnderstood(t *testing.T) {
	examples := 0
	for line := range strings.Lines(help(t)) {
		if args, ok := strings.CutPrefix(line, "    $ clock"); ok {
			examples++
			if _, err := parse(strings.Fields(args), io.Discard); err != nil {
				t.Errorf("clock%s: %v", strings.TrimSpace(args), err)
			}
		}
	}
	if examples < 4 {
		t.Errorf("the manual has %d examples", examples)
	}
}
