package load

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"net"
	"net/netip"
	"runtime"
	"slices"
	"sync"
	"syscall"
	"time"

	"clock"
)

const (
	// MaxCPUShare is the share of its processors above which a fleet is
	// saturated: it may have kept the server waiting.
	MaxCPUShare = 0.8

	// maxBehind is how long, in intervals, a fleet may leave lines unread. A
	// second line that comes before the first was read takes its timestamp.
	maxBehind = 0.5

	// maxStep is how far the wall clock may move against the monotonic one: an
	// NTP daemon slews it by at most half a millisecond per second.
	maxStep = 10 * time.Millisecond

	// maxEarly is the share of the lines that may arrive a millisecond or more
	// before the tick that they name: more, and the two clocks differ.
	maxEarly = 0.01

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

// The causes that are not errors of the system.
const closedByServer = "closed by the server"

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
	if room := clock.ConnLimit(); c.Conns > room {
		return nil, fmt.Errorf("%d clients: the limit on open files leaves room for %d; raise it with ulimit -n, or share the load among processes", c.Conns, room)
	}
	target, err := probe(ctx, c)
	if err != nil {
		return nil, err
	}
	f := &fleet{Config: c, start: time.Now()}
	if err := f.recruit(target); err != nil {
		return nil, err
	}
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

// probe connects once, to learn the server's address, and that it is a clock
// with these lines: better now than with thousands of clients.
func probe(ctx context.Context, c Config) (net.Addr, error) {
	ctx, cancel := context.WithTimeout(ctx, clock.DialTimeout)
	defer cancel()
	var d net.Dialer
	conn, err := d.DialContext(ctx, c.Network, c.Addr)
	if err != nil {
		return nil, fmt.Errorf("no server at %s: %s", c.Addr, clock.Cause(err))
	}
	defer conn.Close()
	deadline, _ := ctx.Deadline()
	if err := conn.SetReadDeadline(deadline); err != nil {
		return nil, err
	}
	defer context.AfterFunc(ctx, func() { conn.SetReadDeadline(time.Unix(1, 0)) })()
	line, err := firstLine(conn)
	var timeout net.Error
	switch {
	case ctx.Err() == context.Canceled:
		return nil, ctx.Err()
	case errors.As(err, &timeout) && timeout.Timeout():
		return nil, fmt.Errorf("no line from %s within %v: a clock server writes one at once", c.Addr, clock.DialTimeout)
	case err != nil:
		return nil, fmt.Errorf("no line from %s: %s", c.Addr, clock.Cause(err))
	}
	if _, ok := newParser(c.Face, c.Interval).parse(line, time.Now().UnixNano()); !ok {
		return nil, fmt.Errorf("%s is no clock of this layout: its line %q is no time in %q; give its -layout and -tz", c.Addr, line, c.Face.Layout)
	}
	return conn.RemoteAddr(), nil
}

// firstLine reads a line, or as much as can be one.
func firstLine(conn net.Conn) ([]byte, error) {
	line := make([]byte, 0, clock.MaxLine)
	for len(line) < clock.MaxLine {
		n, err := conn.Read(line[len(line) : len(line)+1])
		line = line[:len(line)+n]
		if n > 0 && line[len(line)-1] == '\n' {
			return line[:len(line)-1], nil
		}
		if err != nil {
			return line, err
		}
	}
	return line, nil
}

// A fleet is the workers, and what they are told.
type fleet struct {
	Config
	name    string
	start   time.Time
	workers []worker
	signals signals
	cpus    int // that the workers can use

	cpu    time.Duration // within the window
	early  error         // why the run was cut short
	suffer []string      // what makes it inconclusive
}

// recruit makes the workers.
func (f *fleet) recruit(target net.Addr) error {
	tcp, ok := target.(*net.TCPAddr)
	f.name, f.cpus = kernelStamps, runtime.NumCPU()
	if !ok || f.Portable || kernelStamps == "" {
		f.name = "portable"
		f.workers = []worker{newPortable(f.Config, target, f.start)}
		return nil
	}
	n := f.Workers
	if n == 0 {
		n = f.cpus
	}
	n = min(n, f.Conns)
	f.cpus = min(n, f.cpus)
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
	if err := f.connect(ctx); err != nil {
		end()
		return nil, err
	}
	w, err := f.warmUp(ctx)
	if err != nil {
		end()
		return nil, err
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
	ramp := time.Duration(float64(f.Conns) / f.Rate * float64(time.Second))
	deadline := f.start.Add(ramp + clock.DialTimeout)
	err := f.watch(ctx, Progress{Phase: Connecting}, deadline, func(p Progress, ended int) bool {
		return p.Connected+ended >= f.expected()
	})
	if err != nil {
		return err
	}
	if f.connected(Connecting) == 0 {
		return fmt.Errorf("no client has had a line within %v", clock.DialTimeout)
	}
	return nil
}

// warmUp lets the warm-up pass and returns the window that follows.
func (f *fleet) warmUp(ctx context.Context) (window, error) {
	half := f.Interval / 2
	from := clock.Ticker{Interval: f.Interval}.Floor(time.Now().Add(f.Warmup - half)).Add(f.Interval + half)
	w := window{from.UnixNano(), from.Add(f.Duration).UnixNano()}
	f.signals.window.Store(&w)
	p := Progress{Phase: WarmingUp, From: from, To: from.Add(f.Duration)}
	err := f.watch(ctx, p, from, f.allEnded)
	if err == nil && time.Now().Before(from) {
		err = errors.New("the server has ended all connections before the window")
	}
	return w, err
}

// allEnded reports whether no client is left that could be measured.
func (f *fleet) allEnded(_ Progress, ended int) bool {
	_, churn := f.misbehaving()
	return ended >= f.expected()-churn
}

// count lets the window pass, or as much of it as there is something to see.
func (f *fleet) count(ctx context.Context, w window) {
	before := processorTime()
	to := time.Unix(0, w.to)
	p := Progress{Phase: Counting, From: time.Unix(0, w.from), To: to}
	err := f.watch(ctx, p, to, f.allEnded)
	f.cpu = processorTime() - before
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
	f.signals.storm.Store(&back)
	f.early = f.watch(ctx, Progress{Phase: Storming}, back.Add(stormPatience), func(p Progress, _ int) bool {
		return p.Connected >= f.expected()
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

// result adds the workers' tallies up and judges the fleet.
func (f *fleet) result(w window) *Result {
	t := f.workers[0].count()
	for _, other := range f.workers[1:] {
		t.merge(other.count())
	}
	stall, churn := f.misbehaving()
	r := &Result{
		Fleet: f.name, Conns: f.Conns, Ticker: f.Ticker, Interval: f.Interval, Stalled: stall,
		From: time.Unix(0, w.from), To: time.Unix(0, f.signals.close()),
		Failed: t.failed, Lost: t.lost, Causes: t.causes,
		Connect: t.connect.result(),
		Lines:   t.lines, Missing: t.missing, Skipped: t.skipped, Repeated: t.repeated, Torn: t.torn, Stale: t.stale,
		AllLines: t.allLines,
		Jitter:   t.jitter, Span: t.span(), Fairness: fairness(t.means),
		CPU: f.cpu, Behind: t.behind, Untimed: t.untimed,
	}
	if t.shared {
		r.Lag = t.lag
	}
	if t.gaps > 0 {
		r.Drift = float64(t.gapSum)/float64(t.gaps) - float64(f.Interval)
	}
	if f.Storm && f.early == nil {
		storm := t.storm.result()
		r.Storm = &storm
	}
	if churn > 0 {
		came := t.churn.result()
		r.Churn = &came
	}
	f.judge(r, t)
	return r
}

// judge says why nothing can be concluded from the result, if so.
func (f *fleet) judge(r *Result, t *tally) {
	inconclusive := func(format string, args ...any) {
		f.suffer = append(f.suffer, fmt.Sprintf(format, args...))
	}
	if length := r.To.Sub(r.From); length > 0 {
		r.CPUShare = r.CPU.Seconds() / length.Seconds() / float64(f.cpus)
	}
	if r.CPUShare > MaxCPUShare {
		inconclusive("the fleet was saturated: it used %.0f%% of its processors, at most %.0f%% is sound; use fewer clients or more processors", 100*r.CPUShare, 100*MaxCPUShare)
	}
	if behind := time.Duration(maxBehind * float64(f.Interval)); r.Behind > behind {
		inconclusive("the fleet fell behind: it did not look for lines for %v, at most %v is sound; leave it the processor", r.Behind.Round(time.Millisecond), behind)
	}
	if r.Untimed > 0 {
		inconclusive("the kernel gave no timestamp for %d lines; use the portable fleet", r.Untimed)
	}
	if t.shared && float64(t.early) > maxEarly*float64(t.lines) {
		inconclusive("%d lines came before the tick that they name: the server's clock is ahead; run the fleet on its machine, or synchronise the clocks", t.early)
	}
	if r.Lines == 0 && f.early == nil && r.Lost+r.Failed < f.Conns-r.Stalled {
		inconclusive("no line was counted: is the server's interval %v?", f.Interval)
	}
}

// reason returns the words of the system for an error.
func reason(err error) string {
	if err == io.EOF {
		return closedByServer
	}
	if errors.Is(err, syscall.EADDRNOTAVAIL) {
		return "no free port: give more -source addresses"
	}
	return clock.Cause(err)
}

// Trouble returns why clients failed or were lost, the most frequent first:
// "connection refused (12)".
func (r *Result) Trouble() []string {
	var list []string
	causes := slices.SortedFunc(maps.Keys(r.Causes), func(a, b string) int { return r.Causes[b] - r.Causes[a] })
	for _, cause := range causes {
		list = append(list, fmt.Sprintf("%s (%d)", cause, r.Causes[cause]))
	}
	return list
}
