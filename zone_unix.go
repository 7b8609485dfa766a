//go:build unix && !android && !ios

package clock

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"time"
)

// machineZone returns the zone of this machine.
func machineZone() (*time.Location, error) { return zoneOf("/etc/localtime") }

// zoneOf returns the zone that a file such as /etc/localtime has, which is most
// often a link into the database of zones; UTC if there is no such file, as
// localtime(5) has it. Where the database is not installed, the link still tells
// the name of the zone.
func zoneOf(path string) (*time.Location, error) {
	data, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		link, _ := os.Readlink(path)
		if link == "" {
			return time.UTC, nil
		}
		_, name, found := strings.Cut(link, "/zoneinfo/")
		if zone, err := time.LoadLocation(name); found && err == nil {
			return zone, nil
		}
	}
	var zone *time.Location
	if err == nil {
		zone, err = time.LoadLocationFromTZData("Local", data)
	}
	if err != nil {
		var failed *fs.PathError
		if errors.As(err, &failed) {
			err = failed.Err // without the path, which is said already
		}
		return nil, fmt.Errorf("cannot tell the time zone of this machine from %s: %w: set TZ to a name such as Europe/Berlin", path, err)
	}
	return zone, nil
}
