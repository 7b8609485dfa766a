package load

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"net"
	"net/netip"
	"runtime"
	"strings"
	"sync"
	"time"

	"clock"
	"clock/address"
)

const (
	// stormPause is how long the clients of a storm are away, in intervals. A
	// server that only writes sees within two that a client has left: the first
	// line is refused by a reset, and the second fails.
	stormPause = 3

	// stormPatience bounds the wait for the last client of a storm. A kernel
	// whose accept queue was full tries again after 1, 3, 7 and 15 seconds.
	stormPatience = 20 * time.Second

	// look is how often the fleet as a whole is looked at.
	look = 100 * time.Millisecond
)

// Run loads the server at c.Addr and returns what the clients saw.
//
// It returns an error if the config makes no sense, there is no server, or it
// does not speak the protocol. If the run was cut short, because ctx was done
// or the server ended every connection, it returns both the result so far,
// unless nothing was counted, and an error.
func Run(ctx context.Context, c Config) (*Result, error) {
	c, err := c.complete()
	if err != nil {
		return nil, err
	}
	if room := clock.FileLimit(); c.Conns > room {
		return nil, fmt.Errorf("%d clients: the limit on open files leaves room for %d; raise it with ulimit -n, or share the load among processes", c.Conns, room)
	}
	if err := c.bindSources(); err != nil {
		return nil, err
	}
	first, err := greet(ctx, c)
	if err != nil {
		return nil, err
	}
	f := &fleet{Config: c, start: time.Now(), groups: newCPUGroups()}
	if err := f.recruit(first.conn.RemoteAddr()); err != nil {
		first.conn.Close()
		return nil, err
	}
	f.workers[0].adopt(first)
	// Workers keep their processors while they sleep: the rest has its own.
	addProcessors(len(f.workers))
	defer addProcessors(-len(f.workers))
	return f.run(ctx)
}

// processors guards the reading and writing of GOMAXPROCS.
var processors sync.Mutex

// addProcessors lets n more threads run Go code at the same time.
func addProcessors(n int) {
	processors.Lock()
	defer processors.Unlock()
	runtime.GOMAXPROCS(runtime.GOMAXPROCS(0) + n)
}

// A fleet is the workers, and what they are told.
type fleet struct {
	Config
	name    string
	start   time.Time
	workers []worker
	signals signals

	tickerUnknown bool // to the config, so that the lines had to show it

	processors int     // that the workers run on
	cpus       float64 // how much of them they may use
	groups     cpuGroups

	connecting, counting, storming supply

	early  error    // why the run was cut short
	suffer []string // what makes it inconclusive
}

// recruit makes the workers.
func (f *fleet) recruit(target net.Addr) error {
	tcp, ok := target.(*net.TCPAddr)
	f.name, f.processors = kernelStamps, runtime.NumCPU()
	f.cpus = min(float64(f.processors), f.groups.quota())
	if !ok || f.Portable || kernelStamps == "" {
		f.name = "portable"
		f.workers = []worker{newPortable(f.Config, target, f.start)}
		return nil
	}
	n := f.Workers
	if n == 0 {
		n = min(int(math.Ceil(f.cpus)), maxWorkers)
	}
	n = min(n, f.Conns)
	f.processors = min(n, f.processors)
	f.cpus = min(float64(n), f.cpus)
	addr := tcp.AddrPort()
	for i := range n {
		w, err := newWorker(f.Config, share{i, n}, netip.AddrPortFrom(addr.Addr().Unmap(), addr.Port()), f.start)
		if err != nil {
			return err
		}
		f.workers = append(f.workers, w)
	}
	return nil
}

// run takes the fleet through its phases.
func (f *fleet) run(ctx context.Context) (*Result, error) {
	var working sync.WaitGroup
	f.signals.open.Add(len(f.workers))
	for _, w := range f.workers {
		working.Go(func() { w.work(&f.signals) })
	}
	end := func() {
		f.signals.stop.Store(true)
		working.Wait()
	}
	began := time.Now()
	first := f.supply()
	if err := f.connect(ctx); err != nil {
		end()
		return nil, f.because(err)
	}
	f.connecting = f.supply().minus(first)
	w, err := f.warmUp(ctx)
	if err != nil {
		end()
		return nil, f.because(err)
	}
	f.count(ctx, w)
	stepped := time.Duration(time.Now().UnixNano()-began.UnixNano()) - time.Since(began)
	if f.Storm && f.early == nil {
		f.storm(ctx)
	}
	end()
	f.tell(Progress{Phase: Done})
	r := f.result(w)
	if f.early != nil && r.Lines == 0 {
		return nil, f.early
	}
	if stepped.Abs() > maxStep {
		f.suffer = append(f.suffer, fmt.Sprintf("the wall clock was stepped by %v", stepped))
	}
	r.Inconclusive = f.suffer
	return r, f.early
}

// expected is the number of clients that wait for a first line.
func (f *fleet) expected() int {
	stall, _ := f.misbehaving()
	return f.Conns - stall
}

// connect waits until each client has had its first line, or will not get one.
func (f *fleet) connect(ctx context.Context) error {
	deadline := f.start.Add(lasts(f.Conns, f.Rate) + address.DialTimeout)
	err := f.watch(ctx, Progress{Phase: Connecting}, deadline, func(p Progress, ended int) bool {
		return p.Connected+ended >= f.expected()
	})
	if err != nil {
		return err
	}
	switch {
	case f.connected(Connecting) > 0:
		return nil
	case f.ended() >= f.expected():
		return errors.New("no client has had a line")
	default:
		return fmt.Errorf("no client has had a line within %v", address.DialTimeout)
	}
}

// because adds to an error why connections have ended, if any has. The workers
// must have.
func (f *fleet) because(err error) error {
	r := Result{Causes: make(map[string]int)}
	for _, w := range f.workers {
		for cause, n := range w.count().causes {
			r.Causes[cause] += n
		}
	}
	if len(r.Causes) == 0 {
		return err
	}
	return fmt.Errorf("%w: %s", err, strings.Join(r.Trouble(), ", "))
}

// warmUp lets the warm-up pass and returns the window that follows.
func (f *fleet) warmUp(ctx context.Context) (window, error) {
	half, rest := f.Interval/2, f.Warmup
	if f.Ticker == "" {
		rest = max(rest, 2*beforeWindow)
	}
	from := clock.Ticker{Interval: f.Interval}.Floor(time.Now().Add(rest - half)).Add(f.Interval + half)
	w := window{from.UnixNano(), from.Add(f.Duration).UnixNano()}
	f.signals.window.Store(&w)
	p := Progress{Phase: WarmingUp, From: from, To: from.Add(f.Duration)}
	err := f.watch(ctx, p, from.Add(-beforeWindow), f.allEnded)
	f.chooseTicker()
	if err == nil {
		err = f.watch(ctx, p, from, f.allEnded)
	}
	if err == nil && time.Now().Before(from) {
		err = errors.New("the server has ended all connections before the window")
	}
	return w, err
}

// beforeWindow is the time before the window in which the workers have to hear
// of the server's ticker.
const beforeWindow = 100 * time.Millisecond

// chooseTicker takes the ticker that the lines show, or else a shared one, if
// the config names none.
func (f *fleet) chooseTicker() {
	if f.Ticker != "" {
		return
	}
	var vote tickerVote
	for _, w := range f.workers {
		vote.merge(w.report().ticker())
	}
	f.tickerUnknown = true
	f.Ticker = cmp.Or(vote.winner(), clock.Shared)
	f.signals.ticker.Store(&f.Ticker)
}

// allEnded reports whether no client is left that could be measured.
func (f *fleet) allEnded(_ Progress, ended int) bool {
	_, churn := f.misbehaving()
	return ended >= f.expected()-churn
}

// count lets the window pass, or as much of it as there is something to see.
func (f *fleet) count(ctx context.Context, w window) {
	before := f.supply()
	to := time.Unix(0, w.to)
	p := Progress{Phase: Counting, From: time.Unix(0, w.from), To: to}
	err := f.watch(ctx, p, to, f.allEnded)
	f.counting = f.supply().minus(before)
	if err == nil && time.Now().Before(to) {
		err = fmt.Errorf("the server has ended all connections, %v before the end of the window", time.Until(to).Round(time.Millisecond))
	}
	if err != nil {
		f.early = err
		f.signals.cut.Store(max(w.from, time.Now().UnixNano()))
	}
	f.signals.open.Wait()
}

// storm makes all clients leave, and come back at once.
func (f *fleet) storm(ctx context.Context) {
	back := time.Now().Add(stormPause * f.Interval)
	before := f.supply()
	defer func() { f.storming = f.supply().minus(before) }()
	f.signals.storm.Store(&back)
	f.early = f.watch(ctx, Progress{Phase: Storming}, back.Add(stormPatience), func(p Progress, _ int) bool {
		return p.Connected+f.refused() >= f.expected()
	})
}

// watch tells how it goes until the deadline, or until done says so.
func (f *fleet) watch(ctx context.Context, p Progress, deadline time.Time, done func(p Progress, ended int) bool) error {
	ticker := time.NewTicker(look)
	defer ticker.Stop()
	end := time.NewTimer(time.Until(deadline))
	defer end.Stop()
	f.tell(p)
	told := time.Now()
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-end.C:
			return nil
		case now := <-ticker.C:
			p.Connected = f.connected(p.Phase)
			if now.Sub(told) >= snapshotInterval {
				told = now
				f.tell(p)
			}
			if done(p, f.ended()) {
				return nil
			}
		}
	}
}

// connected returns the clients that have had their first line: the first, or
// the one after the storm.
func (f *fleet) connected(phase Phase) (n int) {
	for _, w := range f.workers {
		if phase == Storming {
			n += int(w.report().returned.Load())
		} else {
			n += int(w.report().served.Load())
		}
	}
	return n
}

// refused returns the clients of the storm that will not have a line.
func (f *fleet) refused() (n int) {
	for _, w := range f.workers {
		n += int(w.report().refused.Load())
	}
	return n
}

func (f *fleet) ended() (n int) {
	for _, w := range f.workers {
		n += int(w.report().ended.Load())
	}
	return n
}

// tell fills in what the workers report and passes it on.
func (f *fleet) tell(p Progress) {
	if f.Watch == nil {
		return
	}
	p.Connected = f.connected(p.Phase)
	judged := NewHistogram()
	var lines, missing int64
	for _, w := range f.workers {
		p.Lines += w.report().lines.Load()
		if s := w.report().soFar.Load(); s != nil {
			judged.Merge(s.judged)
			lines += s.lines
			missing += s.missing
		}
	}
	p.P99 = judged.Percentile(99)
	if lines > 0 {
		p.Reach = float64(lines) / float64(lines+missing)
	}
	f.Watch(p)
}
