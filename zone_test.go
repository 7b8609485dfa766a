package clock_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"clock"
)

func TestLoadZone(t *testing.T) {
	dir := t.TempDir()
	myZone := filepath.Join(dir, "zone")
	write(t, myZone, zoneFile("MINE", 5*time.Hour+45*time.Minute))
	noZone := filepath.Join(dir, "letter")
	write(t, noZone, []byte("Dear Sir"))

	tests := []struct{ tz, name, want string }{ // want is a part of the error, or else the offset
		{"", "Europe/Berlin", "+0100"},
		{"", "UTC", "+0000"},
		{"", "Europe/Atlantis", `unknown time zone "Europe/Atlantis": use`},
		{"", "../localtime", "unknown time zone"},
		{"", "", "+0000"}, // as POSIX has it
		{":", "Local", "+0000"},
		{"Asia/Tokyo", "", "+0900"},
		{"Asia/Tokyo", "Local", "+0900"},
		{":Asia/Tokyo", "", "+0900"},
		{"EST5EDT", "", "-0500"}, // a zone of the database
		{myZone, "", "+0545"},
		{":" + myZone, "", "+0545"},
		// Package time takes UTC for all of these.
		{"Bogus/Zone", "", `TZ names an unknown time zone "Bogus/Zone": set it`},
		{"CET-1CEST", "", "unknown time zone"},
		{"CET-1CEST,M3.5.0,M10.5.0/3", "", "unknown time zone"},
		{"Local", "", "unknown time zone"},
		{filepath.Join(dir, "nothing"), "", `nothing" (`},
		{dir, "", `" (`},
		{noZone, "", "unknown time zone"},
		{"Bogus/Zone", "UTC", "+0000"}, // TZ is not asked
	}
	for _, tt := range tests {
		t.Setenv("TZ", tt.tz)
		zone, err := clock.LoadZone(tt.name)
		got := ""
		if err == nil {
			got = time.Date(2026, 1, 1, 0, 0, 0, 0, zone).Format("-0700")
		}
		if err != nil && !strings.Contains(err.Error(), tt.want) || err == nil && got != tt.want {
			t.Errorf("TZ=%s LoadZone(%q) = %s, %v, want %q", tt.tz, tt.name, got, err, tt.want)
		}
	}
}

// zoneFile returns a file of tzfile(5) with one offset from UTC.
func zoneFile(abbreviation string, offset time.Duration) []byte {
	file := append([]byte("TZif"), make([]byte, 16)...)
	for _, count := range []int{0, 0, 0, 0, 1, len(abbreviation) + 1} { // one type of local time
		file = append(file, 0, 0, 0, byte(count))
	}
	seconds := int(offset.Seconds())
	file = append(file, byte(seconds>>24), byte(seconds>>16), byte(seconds>>8), byte(seconds), 0, 0)
	return append(append(file, abbreviation...), 0)
}

// write writes a file.
func write(t *testing.T, path string, data []byte) {
	t.Helper()
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
}
