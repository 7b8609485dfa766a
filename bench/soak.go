package bench

import (
	"cmp"
	"fmt"
	"math"
	"strings"
	"time"

	"clock"
	"clock/bench/load"
	"clock/bench/record"
)

const (
	// Times in intervals: awayFor is how long the clients of a storm are away
	// before the next, so that any server sees that they have left; settleFor is
	// how long they take, at most, until their window opens, in which they
	// churn; minEvery is the least from storm to storm, and leaves three for it.
	awayFor   = 3
	settleFor = 4
	minEvery  = 10

	// A server is looked at samplesPerStorm times from storm to storm, and each
	// maxSampling at least. All samples are kept: maxSamples, 50 MB, are those
	// of twelve days.
	samplesPerStorm = 10
	maxSampling     = time.Second
	maxSamples      = 1 << 20

	// The drifts that do no harm, a day. A server is replaced by a newer one
	// every few days: in ten of them it grows by 640 MiB, or opens 1,000 files,
	// which the smallest usual limit (1,024) still has room for.
	negligibleMemory = 64 << 20
	negligibleCount  = 100

	// What a connection that comes and goes must not leave behind without being
	// seen: half the stack of a goroutine at its smallest, or, one time in a
	// thousand, a file or a goroutine.
	hiddenMemory = 1 << 10
	hiddenCount  = 1e-3
)

// A SoakPlan says what a soak does. All fields must be set.
type SoakPlan struct {
	Server   record.Variant `json:"server"`
	Interval time.Duration  `json:"interval"`

	Conns int `json:"conns"` // clients that behave: the soak's figures are theirs

	// Bad is how many clients do not behave. They come all at once, and leave
	// all at once: Every is from storm to storm. In between, Stalled of them, a
	// share, never read, and Churn of them leave and reconnect in each second.
	Bad     int           `json:"bad"`
	Stalled float64       `json:"stalled"`
	Churn   float64       `json:"churn"`
	Every   time.Duration `json:"every"`

	// Warmup is the time before the counting, with all the misbehaviour in it.
	// Duration is that of the counting.
	Warmup   time.Duration `json:"warmup"`
	Duration time.Duration `json:"duration"`
}

// Check returns an error if the plan makes no sense, whatever the server does.
func (p SoakPlan) Check() error {
	switch {
	case p.Interval < clock.MinInterval:
		return fmt.Errorf("interval %v is too short: at least %v", p.Interval, clock.MinInterval)
	case p.Every < minEvery*p.Interval:
		return fmt.Errorf("storms every %v come too close: at least %d intervals, %v", p.Every, minEvery, minEvery*p.Interval)
	case p.Warmup < p.Every:
		return fmt.Errorf("a warm-up of %v is too short: it has to see a storm, and they come every %v", p.Warmup, p.Every)
	case p.Duration < minBatches*p.Every:
		return fmt.Errorf("%v are too short to tell a drift: at least %d storms, %v; or let them come more often", p.Duration, minBatches, minBatches*p.Every)
	}
	if p.Duration/p.sampling() > maxSamples {
		return fmt.Errorf("%v are too long: a look every %v makes too many samples, at most %v; or let storms come less often", p.Duration, p.sampling(), maxSamples*p.sampling())
	}
	if room := clock.FileLimit(); p.most() > room {
		return fmt.Errorf("up to %d clients at once: the limit on open files leaves a server room for %d; raise it with ulimit -n", p.most(), room)
	}
	if err := p.well().config().Check(); err != nil {
		return err
	}
	if err := p.bad().config().Check(); err != nil {
		return fmt.Errorf("of the clients that misbehave: %w", err)
	}
	return nil
}

// sampling is the time from one look at the server to the next.
func (p SoakPlan) sampling() time.Duration { return min(maxSampling, p.Every/samplesPerStorm) }

// most is the most clients that the server has at once. A client that has left
// may stay with it for two intervals, until a line comes back.
func (p SoakPlan) most() int {
	return p.Conns + p.Bad + int(math.Ceil(2*p.Churn*p.Interval.Seconds()))
}

// well is the fleet of the clients that behave.
func (p SoakPlan) well() fleetSpec {
	return fleetSpec{Addr: isolatedAddr, Conns: p.Conns, Ticker: p.Server.Ticker, Interval: p.Interval, Warmup: p.Warmup, Duration: p.Duration}
}

// bad is the fleet of those that do not, which has a short run from storm to
// storm.
func (p SoakPlan) bad() fleetSpec {
	return fleetSpec{
		Addr: isolatedAddr, Conns: p.Bad, AtOnce: true, Ticker: p.Server.Ticker, Interval: p.Interval,
		Stalled: p.Stalled, Churn: p.Churn,
		Warmup: p.Interval, Duration: p.Every - (awayFor+settleFor)*p.Interval, Every: p.Every,
	}
}

// come is how many connections come and go in a day, at least.
func (p SoakPlan) come() float64 {
	each := float64(p.Bad) + p.Churn*p.bad().Duration.Seconds()
	return each * day.Seconds() / p.Every.Seconds()
}

// A Sample is what a server has at an instant, seen from outside but for the
// goroutines.
type Sample struct {
	At         float64 `json:"at"`     // seconds since the counting began
	User       int64   `json:"user"`   // resident memory in bytes
	Kernel     int64   `json:"kernel"` // slab that cannot be reclaimed and socket buffers, of the whole machine, in bytes
	Files      int     `json:"files"`
	Goroutines int     `json:"goroutines,omitempty"` // 0: not known of a server of another make
}

// Storms are how the clients that misbehave came.
type Storms struct {
	Count int          `json:"count"`
	Storm load.Connect `json:"storm"` // of all storms; Took is the slowest one's
	Churn load.Connect `json:"churn"` // of the clients that reconnected
}

func newStorms() Storms {
	return Storms{Storm: load.Connect{First: load.NewHistogram()}, Churn: load.Connect{First: load.NewHistogram()}}
}

// add adds one run of the clients that misbehave.
func (s *Storms) add(r *load.Result) {
	s.Count++
	addConnect(&s.Storm, r.Connect)
	if r.Churn != nil {
		addConnect(&s.Churn, *r.Churn)
	}
}

func addConnect(sum *load.Connect, c load.Connect) {
	sum.Clients += c.Clients
	sum.Took = max(sum.Took, c.Took)
	sum.First.Merge(c.First)
	sum.Hindrance = cmp.Or(sum.Hindrance, c.Hindrance)
}

// A SoakResult is what a soak has shown.
type SoakResult struct {
	Plan     SoakPlan           `json:"plan"`
	Env      record.Environment `json:"env"`
	Load     *load.Result       `json:"load"` // of the clients that behave
	Storms   Storms             `json:"storms"`
	OtherCPU float64            `json:"other_cpu"` // as of a record.Run
	Drifts   []Drift            `json:"drifts"`
	Samples  []Sample           `json:"samples"`

	// Failed says what is wrong with the server, and Inconclusive why nothing
	// can be said, where that is so. Both empty, it is good.
	Failed       []string `json:"failed,omitempty"`
	Inconclusive []string `json:"inconclusive,omitempty"`
}

// The figures of a server that may drift.
const (
	userMemoryFigure   = "user memory"
	kernelMemoryFigure = "kernel memory"
	filesFigure        = "open files"
	goroutinesFigure   = "goroutines"
)

// drifts works out how the figures have moved.
func (r *SoakResult) drifts() []Drift {
	memory := Drift{Unit: "B", Negligible: negligibleMemory, Hidden: hiddenMemory * r.Plan.come()}
	number := Drift{Negligible: negligibleCount, Hidden: hiddenCount * r.Plan.come()}
	periods := int(r.Load.To.Sub(r.Load.From) / r.Plan.Every)
	var drifts []Drift
	for _, figure := range []struct {
		name string
		kind Drift
		of   func(Sample) float64
	}{
		{userMemoryFigure, memory, func(s Sample) float64 { return float64(s.User) }},
		{kernelMemoryFigure, memory, func(s Sample) float64 { return float64(s.Kernel) }},
		{filesFigure, number, func(s Sample) float64 { return float64(s.Files) }},
		{goroutinesFigure, number, func(s Sample) float64 { return float64(s.Goroutines) }},
	} {
		var values series
		for _, sample := range r.Samples {
			values.add(sample.At, figure.of(sample))
		}
		d := values.drift(r.Plan.Every, periods)
		d.Figure, d.Unit = figure.name, figure.kind.Unit
		// A drift of less than does no harm need not be seen.
		d.Negligible, d.Hidden = figure.kind.Negligible, max(figure.kind.Negligible, figure.kind.Hidden)
		if figure.name != goroutinesFigure || d.Mean > 0 {
			drifts = append(drifts, d)
		}
	}
	return drifts
}

// judge fills in the drifts, and what is to be said of the server.
func (r *SoakResult) judge() {
	var others []string
	switch {
	case r.Env.OthersUnknown:
		others = []string{"what other processes took is not known here"}
	case r.OtherCPU > record.MaxOtherCPU:
		others = []string{fmt.Sprintf("other processes took %.0f%% of a processor", 100*r.OtherCPU)}
	}
	wrong, late := clientsSaw(r.Load)
	r.blame(wrong, nil)
	r.blame(late, append(others, r.Load.Inconclusive...))
	r.Drifts = r.drifts()
	for _, d := range r.Drifts {
		var excuse []string
		if d.Figure == kernelMemoryFigure { // the whole machine's
			excuse = others
		}
		switch {
		case !d.Known():
			r.blame([]string{"the drift of the " + d.Figure + " is not known"}, []string{fmt.Sprintf("that takes %d storms", minBatches)})
		case d.Grows():
			r.blame([]string{fmt.Sprintf("%s: %s more a day (%s to %s)", d.Figure, d.Amount(d.Slope), d.Amount(d.Low), d.Amount(d.High))}, excuse)
		case d.Unclear():
			r.blame([]string{fmt.Sprintf("%s: up to %s more a day could hide", d.Figure, d.Amount(d.High))}, []string{"it may be noise: soak for longer"})
		}
	}
	r.Inconclusive = append(r.Inconclusive, r.Load.Inconclusive...)
}

// blame says that the server has failed, unless there is an excuse: then
// nothing can be said.
func (r *SoakResult) blame(failures, excuses []string) {
	for _, f := range failures {
		if len(excuses) == 0 {
			r.Failed = append(r.Failed, f)
		} else {
			r.Inconclusive = append(r.Inconclusive, f+", but "+strings.Join(excuses, ", "))
		}
	}
}

// Amount writes an amount of the figure.
func (d Drift) Amount(x float64) string {
	if d.Unit == "" {
		return fmt.Sprintf("%.0f", x)
	}
	return fmt.Sprintf("%.1f MiB", x/(1<<20))
}

// clientsSaw returns what clients have seen that no server may show, and what
// they may miss only if the machine was too busy.
func clientsSaw(r *load.Result) (wrong, late []string) {
	if r.Torn > 0 {
		wrong = append(wrong, fmt.Sprintf("%d lines were torn", r.Torn))
	}
	// With a ticker per connection a line may name the second of the one
	// before, or leave one out, if it comes near the second's end.
	if r.Ticker == clock.Shared && r.Repeated > 0 {
		wrong = append(wrong, fmt.Sprintf("%d lines were repeated", r.Repeated))
	}
	if r.Missing > 0 {
		late = append(late, fmt.Sprintf("reach is below 1: %d of %d lines did not come", r.Missing, r.Lines+r.Missing))
	}
	if gone := r.Failed + r.Lost; gone > 0 {
		late = append(late, fmt.Sprintf("%d clients that behave were not served: %s", gone, strings.Join(r.Trouble(), ", ")))
	}
	return wrong, late
}

// SoakProgress is how a soak goes.
type SoakProgress struct {
	Load   load.Progress // of the clients that behave
	Storms int
	Sample Sample // the latest; zero before the counting
}
