package load

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"maps"
	"math"
	"slices"
	"strings"
	"syscall"
	"time"

	"clock/address"
)

const (
	// maxBehind is how long, in intervals, a fleet may leave lines unread. A
	// second line that comes before the first was read takes its timestamp.
	maxBehind = 0.5

	// maxStep is how far the wall clock may move against the monotonic one: an
	// NTP daemon slews it by at most half a millisecond per second.
	maxStep = 10 * time.Millisecond
)

// The causes that are not errors of the system.
const (
	closedByServer = "closed by the server"
	noLine         = "still waiting at the end"
)

// result adds the workers' tallies up and judges the fleet.
func (f *fleet) result(w window) *Result {
	t := f.workers[0].count()
	for _, other := range f.workers[1:] {
		t.merge(other.count())
	}
	stall, churn := f.misbehaving()
	r := &Result{
		Fleet: f.name, Conns: f.Conns, Ticker: f.Ticker, Interval: f.Interval, Stalled: stall, Churning: churn,
		From: time.Unix(0, w.from), To: time.Unix(0, f.signals.close()),
		Failed: t.failed, Lost: t.lost, Causes: t.causes,
		Connect: t.connect.result(),
		Lines:   t.lines, Missing: t.missing, Skipped: t.skipped, Repeated: t.repeated, Torn: t.torn, Stale: t.stale,
		AllLines: t.allLines,
		Jitter:   t.jitter, Span: t.slots.span(), Fairness: fairness(t.means),
		CPU: f.counting.used, Waited: f.counting.waited, Throttled: f.counting.throttled,
		Behind: t.behind, Untimed: t.untimed,
	}
	if !math.IsInf(f.Rate, 1) {
		r.Connect.Pace = f.Rate
	}
	r.Connect.Hindrance = f.hindrance(f.connecting)
	if t.shared {
		r.Lag = t.lag
	}
	if t.gaps > 0 {
		r.Drift = float64(t.excess) / float64(t.gaps)
	}
	if f.Storm && f.early == nil {
		storm := t.storm.result()
		storm.Hindrance = f.hindrance(f.storming)
		r.Storm = &storm
	}
	if churn > 0 {
		came := t.churn.result()
		came.Pace = f.Churn
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
		r.CPUShare = r.CPU.Seconds() / length.Seconds() / f.cpus
	}
	if r.CPUShare > MaxCPUShare {
		inconclusive("the fleet was saturated: it used %.0f%% of its processors, at most %.0f%% is sound; use fewer clients or more processors", 100*r.CPUShare, 100*MaxCPUShare)
	}
	if hindrance := f.hindrance(f.counting); hindrance != "" {
		inconclusive("the fleet was %s", hindrance)
	}
	if behind := time.Duration(maxBehind * float64(f.Interval)); r.Behind > behind {
		inconclusive("the fleet fell behind: it did not look for lines for %v, at most %v is sound; leave it the processor", r.Behind.Round(time.Millisecond), behind)
	}
	if r.Untimed > 0 {
		inconclusive("the kernel gave no timestamp for %d lines; use the portable fleet", r.Untimed)
	}
	if t.gaps == 0 && f.early == nil && r.Lost+r.Failed < f.Conns-r.Stalled {
		inconclusive("no line came in the %v that were counted: is the server's interval %v?", r.To.Sub(r.From), f.Interval)
	} else if r.Mismatch = f.mismatch(t); r.Mismatch != "" {
		inconclusive("%s", r.Mismatch)
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
	return address.Cause(err)
}

// Trouble returns why clients failed or were lost, the most frequent first:
// "connection refused (12)".
func (r *Result) Trouble() []string {
	var list []string
	causes := slices.SortedFunc(maps.Keys(r.Causes), func(a, b string) int {
		return cmp.Or(r.Causes[b]-r.Causes[a], strings.Compare(a, b))
	})
	for _, cause := range causes {
		list = append(list, fmt.Sprintf("%s (%d)", cause, r.Causes[cause]))
	}
	return list
}
