package clock

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// LoadZone returns the time zone called name: one of the IANA database, such
// as Europe/Berlin, or UTC. The environment variable ZONEINFO may name a
// directory or zip file with zones that come before those of the system. The
// name Local, or none, means the zone of this machine, which the environment
// variable TZ overrides; a machine that has none is in UTC, and so is a process
// whose TZ is empty.
//
// Package time takes UTC where TZ names a zone that it does not find, or where
// the zone of the machine cannot be read, and a clock that is wrong by hours
// without a word is worse than none: LoadZone returns an error instead.
func LoadZone(name string) (*time.Location, error) {
	if name != "" && name != "Local" {
		zone, err := time.LoadLocation(name)
		if err != nil {
			return nil, fmt.Errorf("%s: use a name such as Europe/Berlin, UTC or Local", unknownZone(name, err))
		}
		return zone, nil
	}
	tz, set := os.LookupEnv("TZ")
	if !set {
		return machineZone()
	}
	zone, err := parseTZ(tz)
	if err != nil {
		return nil, fmt.Errorf("TZ names an %s: set it to a name such as Europe/Berlin, or unset it", unknownZone(tz, err))
	}
	return zone, nil
}

// parseTZ returns the zone that TZ stands for: a zone's name or the absolute path
// of a zone file, each with or without a leading colon; not the rules of POSIX,
// such as CET-1CEST. Package time would take the same for its Local, but looks
// for the names in the system's database alone.
func parseTZ(tz string) (*time.Location, error) {
	tz = strings.TrimPrefix(tz, ":")
	switch {
	case tz == "Local": // which is no zone's name, but LoadLocation takes it
		return nil, errors.New("not in the database")
	case !filepath.IsAbs(tz):
		return time.LoadLocation(tz) // UTC if it is empty
	}
	data, err := os.ReadFile(tz)
	if err != nil {
		return nil, err
	}
	return time.LoadLocationFromTZData(tz, data)
}

// unknownZone says that there is no zone of that name, and why, if the system
// has told.
func unknownZone(name string, err error) string {
	var system syscall.Errno
	if errors.As(err, &system) {
		return fmt.Sprintf("unknown time zone %q (%v)", name, system)
	}
	return fmt.Sprintf("unknown time zone %q", name)
}
