package bench

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"strings"
	"time"

	"clock/bench/load"
	"clock/bench/record"
)

const (
	// isolatedAddr is where a server listens that has a network namespace of
	// its own: the address of the book's server.
	isolatedAddr = "127.0.0.1:8000"

	// addrPlace is where the command of a server takes its address.
	addrPlace = "{addr}"

	// startPatience bounds the wait for a server that was started to serve.
	startPatience = 10 * time.Second

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
	fleet     fleetSpec // but for the address
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
	if err := server.awaitLine(ctx, addr); err != nil {
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

	m := meter{server: server.group, fleet: fleet.group, serverCPU: t.serverCPU, fleetCPU: t.fleetCPU}
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

// startServer starts the server that is measured and returns its address.
func (t trial) startServer() (p *process, addr string, err error) {
	addr = isolatedAddr
	if !t.isolated {
		if addr, err = freeAddr(); err != nil {
			return nil, "", err
		}
	}
	var cmd *exec.Cmd
	if command := t.variant.Command; command != "" {
		if !t.isolated && !strings.Contains(command, addrPlace) {
			return nil, "", fmt.Errorf("its command has no %s, and only root can give it a network namespace, where all listen on %s", addrPlace, isolatedAddr)
		}
		cmd = exec.Command("/bin/sh", "-c", "exec "+strings.ReplaceAll(command, addrPlace, addr))
		cmd.Env = environ()
	} else {
		cmd, err = roleCommand(serverRole, serverSpec{t.variant.Engine, t.variant.Ticker, t.fleet.Interval, addr})
		if err != nil {
			return nil, "", err
		}
	}
	p, err = start(cmd, t.serverCPU, false)
	return p, addr, err
}

// follow reads what the fleet reports, lets the meter measure within the
// window, and returns the fleet's result.
func (t trial) follow(ctx context.Context, fleet *process, m *meter) (*load.Result, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(ctx, fleet.close)()
	measured := make(chan error, 1)
	for report, err := range reports(fleet.stdout) {
		switch {
		case ctx.Err() != nil:
			return nil, ctx.Err()
		case err != nil:
			return nil, fmt.Errorf("the fleet's report cannot be read: %w", err)
		case report.Error != "":
			return nil, errors.New(report.Error)
		case report.Result != nil:
			return report.Result, <-measured
		}
		if p := report.Progress; p.Phase == load.WarmingUp && m.to.IsZero() {
			m.from, m.to = p.From, p.To
			go func() { measured <- m.measure(ctx) }()
		}
		if t.watch != nil {
			t.watch(*report.Progress)
		}
	}
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	<-fleet.exited
	return nil, fleet.explain(errors.New("the fleet has ended without a result"))
}

// settle waits until the kernel's memory is steady.
func settle() {
	before, err := kernelMemory()
	for deadline := time.Now().Add(settlePatience); err == nil && time.Now().Before(deadline); {
		time.Sleep(settlePause)
		var now int64
		if now, err = kernelMemory(); max(now-before, before-now) < settled {
			return
		}
		before = now
	}
}
