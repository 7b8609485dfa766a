//go:build !unix || android || ios

package clock

import "time"

// machineZone returns the zone of this machine.
func machineZone() (*time.Location, error) { return time.Local, nil }
