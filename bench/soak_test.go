package bench

import (
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"clock"
	"clock/bench/load"
	"clock/bench/record"
)

// soakPlan is a soak of ten minutes.
func soakPlan() SoakPlan {
	return SoakPlan{
		Server:   record.Variant{Name: "gnet/shared", Engine: "gnet", Ticker: clock.Shared},
		Interval: time.Second, Conns: 100, Bad: 1000, Stalled: 0.1, Churn: 100, Every: 30 * time.Second,
		Warmup: time.Minute, Duration: 10 * time.Minute,
	}
}

// soaked is a result of that plan in which nothing is wrong.
func soaked() *SoakResult {
	from := time.Date(2026, time.November, 25, 12, 0, 0, 5e8, time.UTC)
	r := &SoakResult{
		Plan:   soakPlan(),
		Storms: newStorms(),
		Load: &load.Result{Ticker: clock.Shared, From: from, To: from.Add(10 * time.Minute), Conns: 100, Lines: 60000,
			Lag: load.NewHistogram(), Jitter: load.NewHistogram()},
	}
	for i := range 600 {
		come := int(1000 * math.Abs(math.Sin(float64(i)))) // of the clients that misbehave
		r.Samples = append(r.Samples, Sample{At: float64(i), User: 40<<20 + int64(come)*1000, Kernel: 200 << 20, Files: 200 + come, Goroutines: 210 + come})
	}
	return r
}

// each changes every sample, by its number.
func each(change func(s *Sample, i int)) func(*SoakResult) {
	return func(r *SoakResult) {
		for i := range r.Samples {
			change(&r.Samples[i], i)
		}
	}
}

func TestSoakIsJudged(t *testing.T) {
	busy := func(r *SoakResult) { r.OtherCPU = 0.5 }
	missing := func(r *SoakResult) { r.Load.Missing = 3 }
	kernel := each(func(s *Sample, i int) { s.Kernel += int64(i) * 10000 })
	tests := []struct {
		name                 string
		spoil                []func(*SoakResult)
		failed, inconclusive string // what is said; "" is nothing
	}{
		{"a server that keeps", nil, "", ""},
		{"a busy machine in which all went well", []func(*SoakResult){busy}, "", ""},
		{"it leaks memory", []func(*SoakResult){each(func(s *Sample, i int) { s.User += int64(i) * 10000 })}, "user memory: 824", ""},
		{"it leaks memory in a busy machine", []func(*SoakResult){busy, each(func(s *Sample, i int) { s.User += int64(i) * 10000 })}, "user memory: 824", ""},
		{"it leaks files", []func(*SoakResult){each(func(s *Sample, i int) { s.Files += i })}, "open files: 8", ""},
		{"it leaks goroutines", []func(*SoakResult){each(func(s *Sample, i int) { s.Goroutines += i })}, "goroutines: 8", ""},
		{"it gives memory back", []func(*SoakResult){each(func(s *Sample, i int) { s.User -= int64(i) * 10000 })}, "", ""},
		{"the kernel's memory grows", []func(*SoakResult){kernel}, "kernel memory: 824", ""},
		{"the kernel's memory grows in a busy machine", []func(*SoakResult){kernel, busy}, "", "other processes took 50% of a processor"},
		{"memory is restless", []func(*SoakResult){each(func(s *Sample, i int) { s.User += int64(i/60%2) << 30 })}, "", "could hide"},
		{"it was cut short", []func(*SoakResult){func(r *SoakResult) { r.Load.To = r.Load.From.Add(2 * time.Minute) }}, "", "6 storms"},
		{"a line is torn", []func(*SoakResult){busy, func(r *SoakResult) { r.Load.Torn = 1 }}, "1 lines were torn", ""},
		{"a line is repeated", []func(*SoakResult){busy, func(r *SoakResult) { r.Load.Repeated = 1 }}, "1 lines were repeated", ""},
		{"a second comes twice, with a ticker per connection", []func(*SoakResult){func(r *SoakResult) { r.Load.Repeated, r.Load.Ticker = 1, clock.PerConn }}, "", ""},
		{"lines are missing", []func(*SoakResult){missing}, "3 of 60003 lines did not come", ""},
		{"lines are missing in a busy machine", []func(*SoakResult){missing, busy}, "", "did not come, but other processes"},
		{"lines are missing where nobody knows what others took", []func(*SoakResult){missing, func(r *SoakResult) { r.Env.OthersUnknown = true }}, "", "did not come, but what other processes took is not known here"},
		{"a client is lost", []func(*SoakResult){func(r *SoakResult) { r.Load.Lost = 1 }}, "1 clients that behave were not served", ""},
		{"the fleet is saturated", []func(*SoakResult){func(r *SoakResult) { r.Load.Inconclusive = []string{"saturated"} }}, "", "saturated"},
		{"lines are missing at a saturated fleet", []func(*SoakResult){missing, func(r *SoakResult) { r.Load.Inconclusive = []string{"saturated"} }}, "", "did not come, but saturated"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := soaked()
			for _, spoil := range tt.spoil {
				spoil(r)
			}
			r.judge()
			for _, said := range []struct {
				what string
				got  []string
				want string
			}{{"failed", r.Failed, tt.failed}, {"inconclusive", r.Inconclusive, tt.inconclusive}} {
				all := strings.Join(said.got, "; ")
				if (said.want == "") != (all == "") || !strings.Contains(all, said.want) {
					t.Errorf("%s: %q, want %q", said.what, all, said.want)
				}
			}
		})
	}
}

func TestGoroutinesOfAnotherMakeAreNotKnown(t *testing.T) {
	r := soaked()
	each(func(s *Sample, _ int) { s.Goroutines = 0 })(r)
	r.judge()
	if slices.ContainsFunc(r.Drifts, func(d Drift) bool { return d.Figure == goroutinesFigure }) || len(r.Drifts) != 3 {
		t.Errorf("drifts are %+v", r.Drifts)
	}
}

func TestSoakPlanIsChecked(t *testing.T) {
	if err := soakPlan().Check(); err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		change func(*SoakPlan)
		want   string
	}{
		{func(p *SoakPlan) { p.Interval = 0 }, "interval 0s is too short: at least"},
		{func(p *SoakPlan) { p.Every = 9 * time.Second }, "at least 10 intervals, 10s"},
		{func(p *SoakPlan) { p.Warmup = 29 * time.Second }, "has to see a storm"},
		{func(p *SoakPlan) { p.Duration = 179 * time.Second }, "at least 6 storms, 3m0s"},
		{func(p *SoakPlan) { p.Duration = 1000 * time.Hour }, "at most 291h16m16s"},
		{func(p *SoakPlan) { p.Conns = clock.FileLimit() - 1000 }, "leaves a server room for"},
		{func(p *SoakPlan) { p.Conns = 0 }, "0 clients: at least 1"},
		{func(p *SoakPlan) { p.Bad = 0 }, "of the clients that misbehave: 0 clients"},
		{func(p *SoakPlan) { p.Churn = 450 }, "of the clients that misbehave: 100 of 1000 clients stall and 900 churn"},
		{func(p *SoakPlan) { p.Stalled = 1 }, "of the clients that misbehave: a share of 1"},
		{func(p *SoakPlan) { p.Server.Ticker = "cuckoo" }, `unknown ticker "cuckoo"`},
	}
	for _, tt := range tests {
		p := soakPlan()
		tt.change(&p)
		if err := p.Check(); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("error %v, want one that says %q", err, tt.want)
		}
	}
}
