package bench

import (
	"context"
	"slices"
	"time"

	"clock/bench/record"
)

// A meter measures a server, from outside, while a fleet loads it.
type meter struct {
	server, fleet       group
	serverCPU, fleetCPU []int

	from, to      time.Time // the window
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
	if f.user, err = resident(pids); err != nil {
		return f, err
	}
	f.kernel, err = kernelMemory()
	return f, err
}

// A processorUse is processor time: of the server, of the fleet, and of
// everybody on the processors of the two.
type processorUse struct {
	server, fleet, all, wall time.Duration
}

func (u processorUse) minus(v processorUse) processorUse {
	return processorUse{u.server - v.server, u.fleet - v.fleet, u.all - v.all, u.wall - v.wall}
}

// processors returns the use so far.
func (m *meter) processors() (u processorUse, err error) {
	server, err := m.server.members()
	if err != nil {
		return u, err
	}
	fleet, err := m.fleet.members()
	if err != nil {
		return u, err
	}
	if u.server, err = processorTime(server); err != nil {
		return u, err
	}
	if u.fleet, err = processorTime(fleet); err != nil {
		return u, err
	}
	u.all, err = busyTime(union(m.serverCPU, m.fleetCPU))
	u.wall = time.Duration(time.Now().UnixNano())
	return u, err
}

// beforeClose is how long before the window closes the memory is read, or a
// quarter of the window, whichever is shorter. Once it has closed, the fleet
// goes on to what would disturb that.
const beforeClose = 250 * time.Millisecond

// measure measures within the window.
func (m *meter) measure(ctx context.Context) error {
	if err := sleepUntil(ctx, m.from); err != nil {
		return err
	}
	opened, err := m.processors()
	if err != nil {
		return err
	}
	if err := sleepUntil(ctx, m.to.Add(-min(beforeClose, m.to.Sub(m.from)/4))); err != nil {
		return err
	}
	if m.after, err = m.memory(); err != nil {
		return err
	}
	if err := sleepUntil(ctx, m.to); err != nil {
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
	r.OtherCPU = max(0, (m.used.all-m.used.server-m.used.fleet).Seconds()/m.used.wall.Seconds())
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
