//go:build unix && !android && !ios

package clock

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	_ "time/tzdata" // zones, also where the machine has none
)

func TestTheZoneOfAMachine(t *testing.T) {
	tests := []struct {
		name    string
		prepare func(path string) error
		want    string // the zone, or part of the error
	}{
		{"none, as in a small container", func(string) error { return nil }, "UTC"},
		{"link without the database", func(path string) error {
			return os.Symlink("../no/such/usr/share/zoneinfo/Asia/Tokyo", path)
		}, "Asia/Tokyo"},
		{"link to nothing", func(path string) error { return os.Symlink("nowhere", path) }, "no such file"},
		{"link to no zone", func(path string) error { return os.Symlink("/no/such/zoneinfo/Bogus/Zone", path) }, "no such file"},
		{"directory", func(path string) error { return os.Mkdir(path, 0o700) }, "is a directory"},
		{"link to itself", func(path string) error { return os.Symlink(path, path) }, "too many levels"},
		{"cut off", func(path string) error { return os.WriteFile(path, []byte("TZif"), 0o600) }, "malformed"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "localtime")
			if err := tt.prepare(path); err != nil {
				t.Fatal(err)
			}
			zone, err := zoneOf(path)
			switch {
			case err == nil && zone.String() != tt.want:
				t.Errorf("zoneOf = %v, want %s", zone, tt.want)
			case err != nil && (!strings.Contains(err.Error(), tt.want) || !strings.Contains(err.Error(), path+": ")):
				t.Errorf("zoneOf = %v, want an error with %q and the path", err, tt.want)
			}
		})
	}
}

func TestTheZoneOfThisMachineIsLocal(t *testing.T) {
	if tz, set := os.LookupEnv("TZ"); set {
		t.Skipf("TZ is %q", tz)
	}
	zone, err := LoadZone("Local")
	if err != nil {
		t.Skip(err)
	}
	for _, month := range []time.Month{time.January, time.July} {
		at := time.Date(2026, month, 1, 0, 0, 0, 0, time.UTC)
		if at.In(zone).String() != at.In(time.Local).String() {
			t.Errorf("it is %v, want %v", at.In(zone), at.In(time.Local))
		}
	}
}
