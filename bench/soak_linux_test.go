package bench

import (
	"context"
	"errors"
	"os"
	"strings"
	"testing"
	"time"

	"clock"
	"clock/bench/load"
	"clock/bench/record"
)

// shortSoak is a soak of some seconds.
func shortSoak(v record.Variant) SoakPlan {
	return SoakPlan{
		Server: v, Interval: soakInterval, Conns: 200, Bad: 100, Stalled: 0.1, Churn: 50, Every: time.Second,
		Warmup: time.Second, Duration: 6 * time.Second,
	}
}

func stranger(t *testing.T, name string) record.Variant {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	return record.Variant{Name: name, Command: self + " " + name + " {addr}", Ticker: clock.PerConn}
}

func TestSoakOfAServerThatKeeps(t *testing.T) {
	t.Parallel()
	for _, v := range []record.Variant{
		{Name: "goroutine/shared", Engine: "goroutine", Ticker: clock.Shared},
		{Name: "gnet/per-conn", Engine: "gnet", Ticker: clock.PerConn},
	} {
		t.Run(v.Name, func(t *testing.T) {
			t.Parallel()
			p := shortSoak(v)
			r, err := Soak(t.Context(), p, func(SoakProgress) {})
			if err != nil {
				t.Fatal(err)
			}
			if r.Load.Lines == 0 || r.Load.Torn > 0 || v.Ticker == clock.Shared && r.Load.Repeated > 0 {
				t.Errorf("the clients that behave saw %+v", r.Load)
			}
			if r.Load.Missing > 0 && r.OtherCPU <= record.MaxOtherCPU && len(r.Load.Inconclusive) == 0 {
				t.Errorf("%d of %d lines are missing in a quiet machine", r.Load.Missing, r.Load.Lines)
			}
			if s := r.Storms; s.Count < 3 || s.Storm.Clients < 3*50 || s.Churn.Clients == 0 {
				t.Errorf("storms are %+v", s)
			}
			if len(r.Samples) < 30 || len(r.Drifts) != 4 {
				t.Fatalf("%d samples, drifts %+v", len(r.Samples), r.Drifts)
			}
			// The figures wander in so short a time, but by far less than if each
			// client left something behind.
			for _, d := range r.Drifts {
				if d.Unit == "" && (!d.Known() || d.Mean < 1 || d.Slope > p.come()/4) {
					t.Errorf("%s: %+v, and %g clients come in a day", d.Figure, d, p.come())
				}
			}
		})
	}
}

func TestSoakFindsALeak(t *testing.T) {
	t.Parallel()
	p := shortSoak(stranger(t, leaky))
	r, err := Soak(t.Context(), p, func(SoakProgress) {})
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{userMemoryFigure, filesFigure} {
		if said := strings.Join(r.Failed, "; "); !strings.Contains(said, want) {
			t.Errorf("failed: %q, want the %s; drifts %+v", said, want, r.Drifts)
		}
	}
	for _, d := range r.Drifts {
		if d.Figure == filesFigure && (d.Slope < p.come()/4 || d.Slope > 2*p.come()) {
			t.Errorf("%.0f files more a day, and %.0f clients come, who leave a file each", d.Slope, p.come())
		}
	}
}

func TestSoakThatIsCutShortHasAResult(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	p := shortSoak(record.Variant{Name: "gnet/shared", Engine: "gnet", Ticker: clock.Shared})
	p.Duration = time.Hour
	r, err := Soak(ctx, p, func(s SoakProgress) {
		if s.Load.Phase == load.Counting && s.Load.Reach > 0 && s.Sample.At > 1 {
			cancel()
		}
	})
	if !errors.Is(err, context.Canceled) || r == nil {
		t.Fatalf("result %v, error %v", r, err)
	}
	if length := r.Load.To.Sub(r.Load.From); length <= 0 || length > time.Minute || r.Load.Lines == 0 || len(r.Samples) < 2 {
		t.Errorf("%v of an hour, %d lines, %d samples", length, r.Load.Lines, len(r.Samples))
	}
}

func TestSoakEndsWithItsServer(t *testing.T) {
	t.Parallel()
	p := shortSoak(stranger(t, mortal))
	began := time.Now()
	_, err := Soak(t.Context(), p, func(SoakProgress) {})
	if err == nil || !strings.Contains(err.Error(), "I have lived") || time.Since(began) > time.Minute {
		t.Errorf("error %v after %v", err, time.Since(began))
	}
}

func TestSoakThatIsEndedBeforeItCounts(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	p := shortSoak(record.Variant{Name: "floor", Engine: record.FloorName, Ticker: clock.Shared})
	p.Warmup = time.Hour
	r, err := Soak(ctx, p, func(s SoakProgress) {
		if s.Load.Phase == load.WarmingUp && s.Storms > 0 {
			cancel()
		}
	})
	if !errors.Is(err, context.Canceled) || r != nil {
		t.Errorf("result %v, error %v", r, err)
	}
}
