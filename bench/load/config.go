package load

import (
	"errors"
	"fmt"
	"math"
	"net/netip"
	"slices"
	"time"

	"clock"
	"clock/address"
)

// AtOnce is the rate of clients that all connect at once.
var AtOnce = math.Inf(1)

// DefaultBatch is how long arriving lines are left to gather before the fleet
// reads them, or a quarter of the interval where that is shorter. Arrival is
// stamped by the kernel, so this costs no precision.
const DefaultBatch = time.Millisecond

// MaxTime is the longest that a part of a run may take: connecting, warming up,
// counting, an interval. Sums and small multiples of such times are durations,
// which end at 292 years.
const MaxTime = 365 * 24 * time.Hour

// The most that may be asked for besides.
const (
	// maxBatch is how late an epoll loop may see that it is to stop.
	maxBatch = 100 * time.Millisecond

	// maxConns needs half a gigabyte for what the fleet knows of its clients,
	// and the kernel fifty for their connections.
	maxConns = 10_000_000

	// maxWorkers need 300 MB for their histograms, and a thread each, of which
	// Go has at most 10,000.
	maxWorkers = 256
)

// A Config says what the fleet does. Network, Addr, Conns and Duration must be
// set.
type Config struct {
	Network string // tcp, tcp4 or tcp6; with Portable also unix
	Addr    string // the server's host:port, or path
	Conns   int    // clients, at most 10 million

	// Rate is how many clients connect per second; 0 means all of them evenly
	// within one interval, which gives a ticker per connection an even load.
	Rate float64

	Face     clock.Face       // what the server's lines look like
	Interval time.Duration    // the server's; 0 means clock.DefaultInterval
	Ticker   clock.TickerKind // the server's; "" means the one that its lines show

	// Warmup is the time from the last client's first line to the counted
	// window, 0 meaning two intervals; the window opens half an interval after
	// the tick that follows. Duration is the length of the window. Both are
	// rounded up to whole intervals. No time may be longer than ten years.
	Warmup   time.Duration
	Duration time.Duration

	// Stalled is the share of the clients, from 0 to 1, that connect and never
	// read. Churn is how many clients a second leave and reconnect. The clients
	// that do either are counted apart: the result's figures are those of the
	// others, and show what the misbehaviour costs them.
	Stalled float64
	Churn   float64

	// Storm makes all clients leave when the window has closed, and three
	// intervals later, when any server knows that they have, come back at once:
	// Result.Storm tells how fast the server took them.
	Storm bool

	// Sources are the addresses that the clients connect from, in turn, all of
	// the server's family. With none the kernel chooses, but for a server on 127.0.0.0/8, where the
	// fleet takes as many addresses of that network as it has need of ports.
	Sources []netip.Addr

	Workers  int           // epoll loops, at most 256; 0 means one for each processor
	Batch    time.Duration // at most 100 ms and half an interval; 0 means DefaultBatch
	Portable bool          // use package net even where there is better

	// Watch, if not nil, is told how the run goes: at each change of phase, and
	// about once a second. It is called by one goroutine at a time.
	Watch func(Progress)
}

// A Phase is a part of a run.
type Phase string

// The phases, in order.
const (
	Connecting Phase = "connecting"
	WarmingUp  Phase = "warming up"
	Counting   Phase = "counting"
	Storming   Phase = "storming"
	Done       Phase = "done"
)

// Progress is how a run goes.
type Progress struct {
	Phase     Phase         `json:"phase"`
	From, To  time.Time     `json:",omitzero"` // the window, known as of Counting, which is told before it opens
	Connected int           `json:"connected"` // clients that have had their first line
	Lines     int64         `json:"lines"`     // so far, of the run
	P99       time.Duration `json:"p99"`       // of the judged measure, in the window so far
	Reach     float64       `json:"reach"`     // in the window so far
}

// Check returns the error that [Run] would return for the config as such,
// whatever server there is.
func (c Config) Check() error {
	_, err := c.complete()
	return err
}

// complete returns the config with its defaults in place, or an error that
// says which value makes no sense.
func (c Config) complete() (Config, error) {
	if c.Network == "" {
		c.Network = "tcp"
	}
	if c.Interval == 0 {
		c.Interval = clock.DefaultInterval
	}
	if c.Rate == 0 {
		c.Rate = float64(c.Conns) / c.Interval.Seconds()
	}
	if c.Warmup == 0 {
		c.Warmup = 2 * c.Interval
	}
	if c.Batch == 0 {
		c.Batch = min(DefaultBatch, c.Interval/4)
	}
	if c.Face.Layout == "" {
		c.Face.Layout = clock.DefaultLayout
	}
	if c.Face.Zone == nil {
		c.Face.Zone = time.Local
	}
	c.Sources = slices.Clone(c.Sources)
	for i, source := range c.Sources {
		c.Sources[i] = source.Unmap()
	}
	if err := c.validate(); err != nil {
		return c, err
	}
	c.Warmup = roundUp(c.Warmup, c.Interval)
	c.Duration = roundUp(c.Duration, c.Interval)
	return c, nil
}

func roundUp(d, unit time.Duration) time.Duration {
	return (d + unit - 1) / unit * unit
}

func (c Config) validate() error {
	if err := address.Check(c.Network, c.Addr); err != nil {
		return err
	}
	switch {
	case c.Conns < 1:
		return fmt.Errorf("%d clients: at least 1", c.Conns)
	case c.Conns > maxConns:
		return fmt.Errorf("%d clients: a fleet of one process has at most %d", c.Conns, maxConns)
	case c.Rate < 0:
		return fmt.Errorf("rate of %v clients a second: at least 0", c.Rate)
	case c.Ticker != "" && c.Ticker != clock.PerConn && c.Ticker != clock.Shared:
		return fmt.Errorf("unknown ticker %q: use %s or %s", c.Ticker, clock.PerConn, clock.Shared)
	case c.Interval < clock.MinInterval:
		return fmt.Errorf("interval %v is too short: at least %v", c.Interval, clock.MinInterval)
	case c.Interval > MaxTime:
		return fmt.Errorf("interval %v is too long: at most %v", c.Interval, MaxTime)
	case float64(c.Conns)/c.Rate > 2*MaxTime.Seconds():
		return fmt.Errorf("rate of %v clients a second: %d clients would not be there within %v", c.Rate, c.Conns, MaxTime)
	case c.Duration <= 0:
		return errors.New("no time to count in: give a duration greater than 0")
	case c.Duration > MaxTime:
		return fmt.Errorf("duration %v is too long: at most %v", c.Duration, MaxTime)
	case c.Warmup < 0:
		return fmt.Errorf("warm-up of %v: at least 0", c.Warmup)
	case c.Warmup > max(MaxTime, 2*c.Interval): // the default of the longest interval
		return fmt.Errorf("warm-up of %v is too long: at most %v", c.Warmup, MaxTime)
	case c.Stalled < 0 || c.Stalled >= 1:
		return fmt.Errorf("a share of %v stalled clients: from 0 to less than 1", c.Stalled)
	case c.Churn < 0:
		return fmt.Errorf("churn of %v clients a second: at least 0", c.Churn)
	case c.Churn > 0 && c.Churn*MaxTime.Seconds() < 1:
		return fmt.Errorf("churn of %v clients a second: none would leave within %v", c.Churn, MaxTime)
	case c.Batch < 0:
		return fmt.Errorf("batches of %v: at least 0", c.Batch)
	case c.Batch > maxBatch || c.Batch > c.Interval/2:
		return fmt.Errorf("batches of %v: at most %v, and half the interval, %v, or a line is read after the next has come", c.Batch, maxBatch, c.Interval/2)
	case c.Workers < 0:
		return fmt.Errorf("%d workers: at least 0", c.Workers)
	case c.Workers > maxWorkers:
		return fmt.Errorf("%d workers: at most %d, and more than there are processors are of no use", c.Workers, maxWorkers)
	}
	if stalled, churning := c.misbehaving(); stalled+churning >= c.Conns {
		return fmt.Errorf("%d of %d clients stall and %d churn, so none is left to measure", stalled, c.Conns, churning)
	}
	if err := c.checkSources(); err != nil {
		return err
	}
	return newParser(c.Face, c.Interval).check()
}

// misbehaving returns how many of the clients stall, and how many take turns
// to leave and come back: enough of them that each stays for two intervals.
func (c Config) misbehaving() (stalled, churning int) {
	stalled = int(c.Stalled*float64(c.Conns) + 0.5)
	if c.Churn > 0 {
		churning = max(1, int(min(2*c.Churn*c.Interval.Seconds()+0.5, maxConns)))
	}
	return stalled, churning
}
