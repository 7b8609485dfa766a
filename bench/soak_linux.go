package bench

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sys/unix"

	"clock/bench/load"
)

// stopPatience bounds the wait for a fleet that was interrupted to tell what it
// has.
const stopPatience = 5 * time.Second

// Soak runs a server under clients that behave and clients that do not, all at
// once, for as long as the plan says, and tells how its memory, files and
// goroutines drift, and whether the clients that behave get every line. It
// runs in the processors and the namespace that Compare would.
//
// If it is cut short, because ctx was done or something has ended, it returns
// the result until then, unless nothing was counted, and an error.
func Soak(ctx context.Context, p SoakPlan, watch func(SoakProgress)) (r *SoakResult, err error) {
	if err := p.Check(); err != nil {
		return nil, err
	}
	env, err := Environment()
	if err != nil {
		return nil, err
	}
	s := &soak{watch: watch, result: SoakResult{Plan: p, Env: env, Storms: newStorms()}}
	err = inPlace(env.Namespace, func() error { return s.run(ctx) })
	if s.result.Load == nil {
		return nil, err
	}
	s.result.judge()
	return &s.result, err
}

// A soak is one under way.
type soak struct {
	watch      func(SoakProgress)
	meter      meter
	goroutines atomic.Int64 // of the server, as it says

	mu       sync.Mutex // guards what follows
	result   SoakResult
	progress SoakProgress
}

// run starts the server and the fleets, and follows them.
func (s *soak) run(ctx context.Context) error {
	plan, env := s.result.Plan, s.result.Env
	if err := pin(env.FleetCPU); err != nil {
		return err
	}
	t := trial{variant: plan.Server, fleet: fleetSpec{Interval: plan.Interval}, isolated: env.Namespace, serverCPU: env.ServerCPU}
	if plan.Server.Command == "" {
		t.census = s.result.Plan.sampling()
	}
	server, addr, err := t.startServer()
	if err != nil {
		return err
	}
	var following sync.WaitGroup
	defer following.Wait() // when all are killed
	defer server.kill()
	if t.census > 0 {
		following.Go(func() { s.count(server.stdout) })
	}
	if err := server.awaitListener(ctx, addr); err != nil {
		return err
	}
	well, err := startFleet(plan.well(), addr, env.FleetCPU)
	if err != nil {
		return err
	}
	defer well.kill()
	bad, err := startFleet(plan.bad(), addr, env.FleetCPU)
	if err != nil {
		return err
	}
	defer bad.kill()
	s.meter = meter{server: server.group, fleets: []group{well.group, bad.group}, serverCPU: env.ServerCPU, fleetCPU: env.FleetCPU}
	if err := s.follow(ctx, well, bad, &following); err != nil {
		return server.explain(err)
	}
	return nil
}

// startFleet starts a fleet for the server at addr.
func startFleet(f fleetSpec, addr string, cpus []int) (*process, error) {
	f.Addr = addr
	cmd, err := roleCommand(fleetRole, f)
	if err != nil {
		return nil, err
	}
	return start(cmd, cpus, true)
}

// count reads the number of the server's goroutines, until it ends.
func (s *soak) count(stdout io.Reader) {
	for lines := bufio.NewScanner(stdout); lines.Scan(); {
		if n, err := strconv.ParseInt(lines.Text(), 10, 64); err == nil {
			s.goroutines.Store(n)
		}
	}
}

// follow follows the fleets until the one that behaves has its result, and
// samples the server meanwhile. Whatever else fails cuts that short.
func (s *soak) follow(ctx context.Context, well, bad *process, following *sync.WaitGroup) error {
	ctx, fail := context.WithCancelCause(ctx)
	defer fail(nil)
	stop := context.AfterFunc(ctx, func() {
		unix.Kill(int(well.group), unix.SIGINT)
		time.AfterFunc(stopPatience, well.close)
	})
	following.Go(func() { fail(s.storm(bad)) })
	var sampling sync.WaitGroup
	began := false
	result, err := well.result(func(p load.Progress) {
		if p.Phase == load.WarmingUp && !began {
			began = true
			sampling.Go(func() {
				if err := s.sample(ctx, p.From, p.To); err != nil {
					fail(err)
				}
			})
		}
		s.watch(s.note(func() { s.progress.Load = p }))
	})
	stop()
	if err != nil {
		fail(err)
	}
	sampling.Wait()
	s.note(func() { s.result.Load = result })
	return context.Cause(ctx) // what failed first, if anything
}

// storm follows the fleet that misbehaves until it ends, which is an error, for
// it never does so by itself.
func (s *soak) storm(bad *process) error {
	err := errors.New("their fleet has ended")
	for report, broken := range reports(bad.stdout) {
		switch {
		case broken != nil:
			err = broken
		case report.Error != "":
			err = errors.New(report.Error)
		case report.Result != nil:
			s.note(func() {
				s.result.Storms.add(report.Result)
				s.progress.Storms++
			})
		}
	}
	<-bad.exited
	return fmt.Errorf("the clients that misbehave: %w", bad.explain(err))
}

// sample looks at the server at regular intervals from one instant until shortly
// before another, when the fleet may end; or until ctx is done, which is no
// error.
func (s *soak) sample(ctx context.Context, from, to time.Time) error {
	to = to.Add(-beforeClose)
	if sleepUntil(ctx, from) != nil {
		return nil
	}
	opened, err := s.meter.processors()
	if err != nil {
		return err
	}
	for at := from; at.Before(to) && sleepUntil(ctx, at) == nil; at = at.Add(s.result.Plan.sampling()) {
		sample, err := s.look(from)
		if err != nil {
			return err
		}
		s.note(func() {
			s.result.Samples = append(s.result.Samples, sample)
			s.progress.Sample = sample
		})
	}
	cut := sleepUntil(ctx, to) != nil
	closed, err := s.meter.processors()
	if err == nil {
		s.note(func() { s.result.OtherCPU = closed.minus(opened).others() })
	} else if cut { // and a fleet has ended
		return nil
	}
	return err
}

// look takes a sample.
func (s *soak) look(from time.Time) (Sample, error) {
	sample := Sample{At: time.Since(from).Seconds(), Goroutines: int(s.goroutines.Load())}
	pids, err := s.meter.server.members()
	if err != nil {
		return sample, err
	}
	if sample.User, err = sum(pids, resident); err != nil {
		return sample, err
	}
	if sample.Kernel, err = kernelMemory(unreclaimedSlab); err != nil {
		return sample, err
	}
	sample.Files, err = sum(pids, openFiles)
	return sample, err
}

// note changes the result or the progress, which it returns.
func (s *soak) note(change func()) SoakProgress {
	s.mu.Lock()
	defer s.mu.Unlock()
	change()
	return s.progress
}
