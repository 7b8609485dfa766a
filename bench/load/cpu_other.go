//go:build !linux

package load

import (
	"math"
	"time"
)

// waitedTime returns 0: it is not known here.
func waitedTime() time.Duration { return 0 }

// cpuGroups are control groups, which only Linux has.
type cpuGroups struct{}

func newCPUGroups() (none cpuGroups) { return none }

func (cpuGroups) quota() float64 { return math.Inf(1) }

func (cpuGroups) throttledTime() time.Duration { return 0 }
