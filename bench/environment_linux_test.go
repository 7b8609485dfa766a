package bench

import (
	"runtime/debug"
	"testing"
)

func TestABuildIsNamedByItsCommit(t *testing.T) {
	revision := debug.BuildSetting{Key: "vcs.revision", Value: "0123abc"}
	clean, dirty := debug.BuildSetting{Key: "vcs.modified", Value: "false"}, debug.BuildSetting{Key: "vcs.modified", Value: "true"}
	tests := []struct {
		name, version string
		settings      []debug.BuildSetting
		want          string
	}{
		{"go build in a clone", "v0.0.0-20261125133319-0123abc", []debug.BuildSetting{revision, clean}, "0123abc"},
		{"with changes", "v0.0.0-20261125133319-0123abc+dirty", []debug.BuildSetting{revision, dirty}, "0123abc, modified"},
		{"the order does not matter", "(devel)", []debug.BuildSetting{dirty, revision}, "0123abc, modified"},
		{"go install of a version", "v1.2.3", nil, "v1.2.3"},
		{"go run", "(devel)", nil, ""},
		{"go test", "", nil, ""},
	}
	for _, tt := range tests {
		info := &debug.BuildInfo{Main: debug.Module{Version: tt.version}, Settings: tt.settings}
		if got := commit(info); got != tt.want {
			t.Errorf("%s: build %q, want %q", tt.name, got, tt.want)
		}
	}
}
