package bench

import (
	"context"
	"time"

	"clock/bench/load"
	"clock/bench/record"
)

const (
	// settlePatience bounds the wait for the kernel to give back what the last
	// run's sockets took: until its memory moves by less than settled, in
	// bytes, within settlePause.
	settlePatience = 3 * time.Second
	settlePause    = 100 * time.Millisecond
	settled        = 64 << 10
)

// A trial is what one run measures, and where.
type trial struct {
	variant   record.Variant
	fleet     fleetSpec     // but for the address
	census    time.Duration // how often one of our servers tells its goroutines; 0 means never
	isolated  bool
	serverCPU []int
	fleetCPU  []int
	watch     func(load.Progress)
}

// measure starts the server and the fleet, and measures. It leaves Round and
// Cell of the run to the caller.
func (t trial) measure(ctx context.Context) (run record.Run, err error) {
	err = inPlace(t.isolated, func() error {
		run, err = t.measureHere(ctx)
		return err
	})
	return run, err
}

func (t trial) measureHere(ctx context.Context) (record.Run, error) {
	run := record.Run{Time: time.Now().UTC().Truncate(time.Second), LoadBefore: loadAverages()}
	// What this process does, it does beside the fleet, not the server.
	if err := pin(t.fleetCPU); err != nil {
		return run, err
	}
	settle()
	server, addr, err := t.startServer()
	if err != nil {
		return run, err
	}
	defer server.kill()
	if err := server.awaitListener(ctx, addr); err != nil {
		return run, err
	}
	settle()
	t.fleet.Addr = addr
	cmd, err := roleCommand(fleetRole, t.fleet)
	if err != nil {
		return run, err
	}
	fleet, err := start(cmd, t.fleetCPU, true)
	if err != nil {
		return run, err
	}
	defer fleet.kill()

	m := meter{server: server.group, fleets: []group{fleet.group}, serverCPU: t.serverCPU, fleetCPU: t.fleetCPU}
	if m.before, err = m.memory(); err != nil {
		return run, server.explain(err)
	}
	if run.Load, err = t.follow(ctx, fleet, &m); err != nil {
		return run, server.explain(err)
	}
	m.fill(&run)
	run.LoadAfter = loadAverages()
	return run, nil
}

// follow follows the fleet, lets the meter measure within the window, and
// returns the fleet's result.
func (t trial) follow(ctx context.Context, fleet *process, m *meter) (*load.Result, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(ctx, fleet.close)()
	var measured chan error
	result, err := fleet.result(func(p load.Progress) {
		if p.Phase == load.WarmingUp && measured == nil {
			measured = make(chan error, 1)
			go func() { measured <- m.measure(ctx, p.From, p.To) }()
		}
		if t.watch != nil {
			t.watch(p)
		}
	})
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	if err != nil {
		return nil, err
	}
	return result, <-measured
}

// settle waits until the kernel's memory is steady.
func settle() {
	before, err := kernelMemory(allSlab)
	for deadline := time.Now().Add(settlePatience); err == nil && time.Now().Before(deadline); {
		time.Sleep(settlePause)
		var now int64
		if now, err = kernelMemory(allSlab); max(now-before, before-now) < settled {
			return
		}
		before = now
	}
}
