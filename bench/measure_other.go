//go:build !linux

package bench

import (
	"context"
	"errors"

	"clock/bench/load"
	"clock/bench/record"
)

// errNotHere says that there is no way here to measure a server from outside.
var errNotHere = errors.New("servers can be measured on Linux only, for they are seen through /proc; clockbench load works everywhere")

type trial struct {
	variant             record.Variant
	fleet               fleetSpec
	isolated            bool
	serverCPU, fleetCPU []int
	watch               func(load.Progress)
}

func (t trial) measure(context.Context) (record.Run, error) { return record.Run{}, errNotHere }

// Environment describes this machine and this build.
func Environment() (record.Environment, error) { return record.Environment{}, errNotHere }

// Soak needs Linux.
func Soak(context.Context, SoakPlan, func(SoakProgress)) (*SoakResult, error) { return nil, errNotHere }
