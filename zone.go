package clock

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// LoadZone returns the time zone called name: one of the IANA database, such
// as Europe/Berlin, or UTC. The name Local, or none, means the zone of this
// machine, which the environment variable TZ overrides.
//
// Package time takes UTC where TZ names a zone that does not exist, and a
// clock that is wrong by hours without a word is worse than none: LoadZone
// returns an error instead.
func LoadZone(name string) (*time.Location, error) {
	if name != "" && name != "Local" {
		zone, err := time.LoadLocation(name)
		if err != nil {
			return nil, fmt.Errorf("unknown time zone %q: use a name such as Europe/Berlin, UTC or Local", name)
		}
		return zone, nil
	}
	if tz := os.Getenv("TZ"); !validTZ(tz) {
		return nil, fmt.Errorf("TZ names an unknown time zone %q: set it to a name such as Europe/Berlin, or unset it", tz)
	}
	return time.Local, nil
}

// validTZ reports whether package time understands the value of TZ. It reads
// a zone's name or the absolute path of a zone file, each with or without a
// leading colon; not the rules of POSIX, such as CET-1CEST.
func validTZ(tz string) bool {
	tz = strings.TrimPrefix(tz, ":")
	if !filepath.IsAbs(tz) {
		_, err := time.LoadLocation(tz)
		return err == nil
	}
	data, err := os.ReadFile(tz)
	if err != nil {
		return false
	}
	_, err = time.LoadLocationFromTZData(tz, data)
	return err == nil
}
