package bench

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"clock/bench/load"
	"clock/bench/record"
	"clock/bench/slo"
)

// withinASecond is an SLO that quietRun meets.
var withinASecond = slo.SLO{{Percentile: 100, Limit: time.Second}}

// search runs a finder on a server that misses its SLO with the clients that
// misses says; try is from 1, with that number of clients.
func search(most int, misses func(conns, try int) bool) (*finder, error) {
	tries := make(map[int]int)
	f := &finder{
		Search: Search{
			Most: most, Limit: "the limit of the test", Cause: record.Files, Watch: func(SearchProgress) {}, SLO: withinASecond,
		},
		cpus: 1, found: new(record.Found),
		try: func(_ context.Context, conns int) (record.Run, error) {
			tries[conns]++
			run := quietRun()
			if misses(conns, tries[conns]) {
				run.Load.Jitter.Record(time.Minute)
			}
			return run, nil
		},
	}
	return f, f.find(context.Background())
}

func TestSearchFindsTheCapacity(t *testing.T) {
	const most = 20_000
	for _, capacity := range []int{1, 2, 3, 7, 249, 250, 251, 499, 500, 1234, 9_999, 12_345, 15_999, 16_001, 19_999, 20_000, 50_000} {
		f, err := search(most, func(conns, _ int) bool { return conns > capacity })
		if err != nil {
			t.Errorf("capacity %d: %v", capacity, err)
			continue
		}
		found := f.found
		want := min(capacity, most)
		if !found.Confirmed || found.Capacity > want || float64(found.Capacity) < float64(want)/closeEnough-1 {
			t.Errorf("found %d, confirmed %v, want %d or up to 5 %% less", found.Capacity, found.Confirmed, want)
		}
		limited := found.Binds == "the limit of the test" && found.Cause == record.Files
		missed := strings.HasPrefix(found.Binds, "the SLO: with") && found.Cause == record.SLO
		if limited != (capacity >= most) || missed == limited {
			t.Errorf("capacity %d is bound by %s, %q", capacity, found.Cause, found.Binds)
		}
		if n := len(found.Probes); n > 20 {
			t.Errorf("capacity %d took %d probes", capacity, n)
		}
		met, above := 0, 0
		for _, p := range found.Probes {
			if p.Conns == found.Capacity && p.Misses == "" {
				met++
			}
			if float64(p.Conns) >= tooMany*float64(found.Capacity) && p.Misses != "" {
				above++
			}
		}
		if met < 2 || above == 0 && tooMany*float64(found.Capacity) <= most {
			t.Errorf("capacity %d: %d runs met the SLO with %d clients, %d with a quarter more missed it", capacity, met, found.Capacity, above)
		}
	}
}

func TestSearchOverrulesAccidents(t *testing.T) {
	const capacity = 5000
	tests := []struct {
		name     string
		accident func(conns, try int) bool // whether this answer is the wrong one
	}{
		{"a miss on the way up", func(conns, try int) bool { return conns == 1000 && try == 1 }},
		{"a miss of the first", func(conns, try int) bool { return conns == 250 && try == 1 }},
		{"two misses in a row", func(conns, try int) bool { return conns == 2000 && try <= 2 }},
		{"a hit above", func(conns, try int) bool { return conns == 8000 && try == 1 }},
		{"a hit just above", func(conns, try int) bool { return conns > capacity && conns < capacity*11/10 && try == 1 }},
		{"a miss at the capacity", func(conns, try int) bool { return conns > capacity*9/10 && conns <= capacity && try == 1 }},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f, err := search(20_000, func(conns, try int) bool { return (conns > capacity) != tt.accident(conns, try) })
			if err != nil {
				t.Fatal(err)
			}
			if found := f.found.Capacity; found > capacity || found < capacity*85/100 {
				var asked []string
				for _, p := range f.found.Probes {
					asked = append(asked, fmt.Sprintf("%d:%v", p.Conns, p.Misses == ""))
				}
				t.Errorf("found %d, want %d or little less; asked %s", found, capacity, strings.Join(asked, " "))
			}
		})
	}
}

func TestSearchThatNothingMeets(t *testing.T) {
	f, err := search(20_000, func(int, int) bool { return true })
	if err != nil || f.found.Capacity != 0 || f.found.Confirmed || f.found.Exceeded != 1 {
		t.Errorf("found %+v, %v, want no capacity and one client too many", f.found, err)
	}
}

func TestSearchEndsWhereAnswersAreRandom(t *testing.T) {
	f, err := search(20_000, func(conns, try int) bool { return (conns+try)%2 == 0 })
	if err != nil && !errors.Is(err, ErrInconclusive) || len(f.found.Probes) > maxProbes {
		t.Errorf("%v after %d probes", err, len(f.found.Probes))
	}
}

func TestSearchKeepsWhatItHasFound(t *testing.T) {
	broken := errors.New("the server has ended")
	f := &finder{Search: Search{Most: 1000, Watch: func(SearchProgress) {}, SLO: withinASecond}, cpus: 1, found: new(record.Found)}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	for _, tt := range []struct {
		name string
		end  func() (record.Run, error)
		want error
	}{
		{"server ends", func() (record.Run, error) { return record.Run{}, broken }, broken},
		{"fleet saturated", func() (record.Run, error) {
			return record.Run{Load: &load.Result{Inconclusive: []string{"saturated"}}}, nil
		}, ErrInconclusive},
		{"disturbed", func() (record.Run, error) {
			run := quietRun()
			run.Load.Missing, run.OtherCPU = 1, 0.5
			return run, nil
		}, ErrInconclusive},
		{"interrupt", func() (record.Run, error) { cancel(); return record.Run{}, nil }, context.Canceled},
	} {
		f.found = new(record.Found)
		f.try = func(_ context.Context, conns int) (record.Run, error) {
			if conns > 500 {
				return tt.end()
			}
			return quietRun(), nil
		}
		if err := f.find(ctx); !errors.Is(err, tt.want) || f.found.Capacity != 500 || f.found.Confirmed {
			t.Errorf("%s: found %d, %v, want 500 and %v", tt.name, f.found.Capacity, err, tt.want)
		}
	}
}

func TestWhatBindsASearchIsNamedByItsCause(t *testing.T) {
	const conns, most = 100, 200
	missed := record.Probe{Conns: conns, Misses: "p99 of the lag is 2s; 2 clients were not served: closed by the server (2)"}
	tests := []struct {
		name        string
		spoil       func(*record.Probe)
		cause, text string
	}{
		{"lag", func(*record.Probe) {}, record.SLO, "the SLO: with 100 clients, p99"},
		{"a busy processor", func(p *record.Probe) { p.Busy = 0.95 }, record.CPU, "the processor: with 100 clients the server used 95%"},
		{"clients refused", func(p *record.Probe) { p.Unserved = "closed by the server (2)" }, record.Unserved, "clients that the server did not serve: with 100 clients, closed by the server (2)"},
	}
	for _, tt := range tests {
		p := missed
		tt.spoil(&p)
		f := &finder{Search: Search{Most: most}, found: &record.Found{Probes: []record.Probe{p}}}
		f.conclude()
		if f.found.Cause != tt.cause || !strings.HasPrefix(f.found.Binds, tt.text) {
			t.Errorf("%s: bound by %s, %q; want %s, %q", tt.name, f.found.Cause, f.found.Binds, tt.cause, tt.text)
		}
	}
}

func TestProbesTellWhoWasNotServed(t *testing.T) {
	f := &finder{
		Search: Search{Most: 1, Watch: func(SearchProgress) {}, SLO: withinASecond},
		cpus:   1, found: new(record.Found),
		try: func(context.Context, int) (record.Run, error) {
			run := quietRun()
			run.Load.Jitter.Record(time.Minute)
			run.Load.Failed, run.Load.Causes = 2, map[string]int{"closed by the server": 2}
			return run, nil
		},
	}
	if err := f.find(context.Background()); err != nil {
		t.Fatal(err)
	}
	if p := f.found.Probes[0]; p.Unserved != "closed by the server (2)" || p.Misses != "max of the jitter is 1m0s, and may be 1s; 2 clients were not served: closed by the server (2)" {
		t.Errorf("the probe says %q, %q", p.Unserved, p.Misses)
	}
}
