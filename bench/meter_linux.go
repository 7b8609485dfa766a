package bench

import (
	"context"
	"errors"
	"slices"
	"time"

	"clock/bench/record"
)

// A meter measures a server, from outside, while a fleet loads it.
type meter struct {
	server              group
	fleets              []group
	serverCPU, fleetCPU []int

	before, after footprint
	used          processorUse
}

// A footprint is memory in bytes.
type footprint struct{ user, kernel int64 }

// memory returns the server's memory, and the kernel's.
func (m *meter) memory() (f footprint, err error) {
	pids, err := m.server.members()
	if err != nil {
		return f, err
	}
	if f.user, err = sum(pids, resident); err != nil {
		return f, err
	}
	f.kernel, err = kernelMemory(allSlab)
	return f, err
}

// A processorUse is processor time: of the server, of the fleets, and of
// everybody on their processors.
type processorUse struct {
	server, fleets, all, wall time.Duration
	unknown                   bool // what all of them is
}

func (u processorUse) minus(v processorUse) processorUse {
	return processorUse{u.server - v.server, u.fleets - v.fleets, u.all - v.all, u.wall - v.wall, u.unknown || v.unknown}
}

// others is what was neither the server's nor the fleets', in parts of the time
// that passed; 0 if that is not known.
func (u processorUse) others() float64 {
	if u.wall <= 0 || u.unknown {
		return 0
	}
	return max(0, (u.all-u.server-u.fleets).Seconds()/u.wall.Seconds())
}

// processors returns the use so far.
func (m *meter) processors() (u processorUse, err error) {
	if u.server, err = m.server.processorTime(); err != nil {
		return u, err
	}
	for _, fleet := range m.fleets {
		used, err := fleet.processorTime()
		if err != nil {
			return u, err
		}
		u.fleets += used
	}
	u.all, err = busyTime(union(m.serverCPU, m.fleetCPU))
	if errors.Is(err, errNoField) {
		u.unknown, err = true, nil
	}
	u.wall = time.Duration(time.Now().UnixNano())
	return u, err
}

// beforeClose is how long before the window closes the memory is read, or a
// quarter of the window, whichever is shorter. Once it has closed, the fleet
// goes on to what would disturb that.
const beforeClose = 250 * time.Millisecond

// measure measures within a window.
func (m *meter) measure(ctx context.Context, from, to time.Time) error {
	if err := sleepUntil(ctx, from); err != nil {
		return err
	}
	opened, err := m.processors()
	if err != nil {
		return err
	}
	if err := sleepUntil(ctx, to.Add(-min(beforeClose, to.Sub(from)/4))); err != nil {
		return err
	}
	if m.after, err = m.memory(); err != nil {
		return err
	}
	if err := sleepUntil(ctx, to); err != nil {
		return err
	}
	closed, err := m.processors()
	m.used = closed.minus(opened)
	return err
}

// fill fills the figures of a run in.
func (m *meter) fill(r *record.Run) {
	conns := float64(r.Load.Conns)
	r.ServerCPU = m.used.server
	r.UserMemory = float64(m.after.user-m.before.user) / conns
	// Both ends of each connection are in this kernel.
	r.KernelMemory = float64(m.after.kernel-m.before.kernel) / conns / 2
	r.OtherCPU = m.used.others()
	r.Disturbed = r.OtherCPU > record.MaxOtherCPU
}

func sleepUntil(ctx context.Context, t time.Time) error {
	timer := time.NewTimer(time.Until(t))
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}

// union returns the elements of a and b, each once.
func union(a, b []int) []int {
	all := slices.Clone(a)
	for _, x := range b {
		if !slices.Contains(all, x) {
			all = append(all, x)
		}
	}
	return all
}
