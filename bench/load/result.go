package load

import (
	"errors"
	"fmt"
	"math"
	"strings"
	"time"

	"clock"
	"clock/bench/slo"
)

// A Result is what the clients of a fleet saw. Unless a field says otherwise it
// speaks of the window, and of the clients that behave. Of a shared ticker it
// counts the ticks of the window; of a ticker per connection, where a line is
// due an interval after the last one, what is due in it. What has come when the
// window closes has arrived. Durations are in nanoseconds in JSON.
type Result struct {
	Fleet    string           `json:"fleet"` // "epoll", or "portable": arrival is then when the line was read
	Conns    int              `json:"conns"`
	Ticker   clock.TickerKind `json:"ticker"`
	Interval time.Duration    `json:"interval"`
	Stalled  int              `json:"stalled,omitempty"`  // clients that never read
	Churning int              `json:"churning,omitempty"` // clients that leave and reconnect
	From     time.Time        `json:"from"`               // the window
	To       time.Time        `json:"to"`

	Failed int `json:"failed"` // clients that never had a first line
	Lost   int `json:"lost"`   // clients whose connection ended before the window did
	// Causes says how often which cause ended a connection, of clients of any
	// kind, in the words of the system.
	Causes map[string]int `json:"causes,omitempty"`

	Connect Connect  `json:"connect"`         // of all clients, at the start
	Storm   *Connect `json:"storm,omitempty"` // of all clients, after the window
	Churn   *Connect `json:"churn,omitempty"` // of the clients that reconnected in the window

	Lines    int64 `json:"lines"`    // received of those that were due: whole lines, each once
	Missing  int64 `json:"missing"`  // due and not received
	Skipped  int64 `json:"skipped"`  // ticks that a client was never shown, between two that it was
	Repeated int64 `json:"repeated"` // lines that name a tick shown before, not in Lines
	Torn     int64 `json:"torn"`     // lines that are no time in the layout, not in Lines
	Stale    int64 `json:"stale"`    // lines two intervals old or more when they arrived: the mark of a queue

	Lag    *Histogram `json:"lag,omitempty"` // with a shared ticker
	Jitter *Histogram `json:"jitter"`
	// Drift is the mean gap less the interval, in nanoseconds per tick. It means
	// something with a ticker per connection; a shared one is bound to the clock.
	Drift float64 `json:"drift"`
	// Span is the time from the first to the last arrival of a tick, or of
	// every k-th tick of a window that has more than 65,536.
	Span Span `json:"span"`
	// Fairness is the worst client's mean lag over the median client's, or, with
	// a ticker per connection, their mean jitter. 1 is perfectly fair.
	Fairness float64 `json:"fairness"`

	// AllLines is every line that arrived in the window, at clients of any
	// kind: the lines that the server's processor time went into.
	AllLines int64 `json:"all_lines"`

	CPU       time.Duration `json:"cpu"`                 // the fleet's own processor time
	CPUShare  float64       `json:"cpu_share"`           // of the processors that it may use; saturated above MaxCPUShare
	Waited    time.Duration `json:"waited,omitempty"`    // that its threads were ready to run and had no processor
	Throttled time.Duration `json:"throttled,omitempty"` // that control groups kept it from its processors, added up over them
	Behind    time.Duration `json:"behind"`              // the longest that the fleet left arriving lines unread
	Untimed   int64         `json:"untimed"`             // lines that the kernel gave no timestamp for

	// Mismatch says in what the server is not as the config has it, one of the
	// reasons in Inconclusive that another run does not mend; "" if it is.
	Mismatch string `json:"mismatch,omitempty"`
	// Inconclusive says why nothing can be concluded; it is empty if it can.
	Inconclusive []string `json:"inconclusive,omitempty"`
}

// Connect tells how clients connected.
type Connect struct {
	Clients int           `json:"clients"` // that had their first line
	Took    time.Duration `json:"took"`    // from the first connect to the last first line
	// Pace is how many clients a second the fleet let call: it says no more of
	// the server than that it kept up. It is 0 if all called at once.
	Pace float64 `json:"pace,omitempty"`
	// First is the time from a client's connect to its first line.
	First *Histogram `json:"first"`
	// Hindrance says how the fleet was kept from its processors meanwhile, if
	// it was: then the figures are not the server's alone.
	Hindrance string `json:"hindrance,omitempty"`
	// Causes says of a storm how often which cause ended a connection, in the
	// words of the system.
	Causes map[string]int `json:"causes,omitempty"`
}

// Trouble returns why clients of a storm failed or were lost, as
// [Result.Trouble] does of a load.
func (c Connect) Trouble() []string { return (&Result{Causes: c.Causes}).Trouble() }

// Rate is the number of clients a second that got their first line.
func (c Connect) Rate() float64 {
	if c.Took <= 0 {
		return 0
	}
	return float64(c.Clients) / c.Took.Seconds()
}

// Span is the time from the first to the last arrival of one tick over all
// clients.
type Span struct {
	Median time.Duration `json:"median"`
	Max    time.Duration `json:"max"`
}

// Reach is the lines received over the lines that were due.
func (r *Result) Reach() float64 {
	if r.Lines+r.Missing == 0 {
		return 0
	}
	return float64(r.Lines) / float64(r.Lines+r.Missing)
}

// Judged is the measure that an SLO bounds: lag with a shared ticker, jitter
// with one per connection.
func (r *Result) Judged() *Histogram {
	if r.Ticker == clock.Shared {
		return r.Lag
	}
	return r.Jitter
}

// Misses returns what of an SLO the result misses, and by how much. A line that
// did not come has no lag that could be bounded, so none may be missing, and
// every client is to be served. Without bounds there is nothing to miss.
func (r *Result) Misses(s slo.SLO) []error {
	if len(s) == 0 {
		return nil
	}
	judged := r.Judged()
	if judged.Count() == 0 {
		return []error{errors.New("no line to judge")}
	}
	var missed []error
	miss := func(format string, args ...any) { missed = append(missed, fmt.Errorf(format, args...)) }
	for _, b := range s {
		if got := judged.Percentile(b.Percentile); got > b.Limit {
			shown := Brief(got)
			if shown <= b.Limit {
				shown = got.Round(time.Microsecond) // three digits do not show it
			}
			miss("%s of the %s is %v, and may be %v", b.Name(), slo.Measure(r.Ticker), shown, b.Limit)
		}
	}
	if r.Missing > 0 {
		miss("reach is %s, %d of %d lines did not come", r.ReachText(), r.Missing, r.Lines+r.Missing)
	}
	if gone := r.Failed + r.Lost; gone > 0 {
		miss("%d clients were not served: %s", gone, strings.Join(r.Trouble(), ", "))
	}
	return missed
}

// ReachText returns the reach so that it shows 1 only if no line is missing.
func (r *Result) ReachText() string { return fmt.Sprintf("%g", math.Floor(1e6*r.Reach())/1e6) }

// Brief rounds a duration to three digits.
func Brief(d time.Duration) time.Duration {
	unit := time.Duration(1)
	for d.Abs()/unit >= 1000 {
		unit *= 10
	}
	return d.Round(unit)
}
