package main

import (
	"strings"
	"testing"

	"clock/bench/record"
)

func TestWhoeverMeasuresIsWarned(t *testing.T) {
	tests := []struct {
		name string
		env  record.Environment
		want []string
	}{
		{"a commit", record.Environment{Build: "0123abc"}, nil},
		{"a version", record.Environment{Build: "v1.2.3"}, nil},
		{"no commit", record.Environment{}, []string{"the build has no commit"}},
		{"a file of an older version", record.Environment{Build: "(devel)"}, []string{"the build has no commit"}},
		{"changes", record.Environment{Build: "0123abc" + record.Modified}, []string{"had changes that are in no commit"}},
		{"hidden processors", record.Environment{Build: "0123abc", OthersUnknown: true}, []string{"what other processes take is not known"}},
		{"both", record.Environment{OthersUnknown: true}, []string{"no commit", "not known"}},
	}
	for _, tt := range tests {
		got := warnings(tt.env)
		if len(got) != len(tt.want) {
			t.Errorf("%s: %q, want %d warnings", tt.name, got, len(tt.want))
			continue
		}
		for i, want := range tt.want {
			if !strings.HasPrefix(got[i], "warning: ") || !strings.Contains(got[i], want) {
				t.Errorf("%s: %q, want one with %q", tt.name, got[i], want)
			}
		}
	}
}
