package engine

import (
	"context"
	"runtime"
	"testing"
	"testing/synctest"
	"time"

	"clock"
)

// collections returns how many garbage collections the program has asked for.
func collections() uint32 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.NumForcedGC
}

func TestMemoryIsTrimmedAfterEachWave(t *testing.T) {
	tests := []struct {
		when string
		move func(*clock.Stats)
		want uint32 // trims by the end of that second
	}{
		{"nobody comes", func(*clock.Stats) {}, 0},
		{"a few come", func(s *clock.Stats) { s.Accepted.Add(10) }, 0},
		{"a wave comes", func(s *clock.Stats) { s.Accepted.Add(5000) }, 0},
		{"the wave is still coming", func(s *clock.Stats) { s.Accepted.Add(5000) }, 0},
		{"the wave is over but for a few", func(s *clock.Stats) { s.Accepted.Add(50) }, 1},
		{"nothing happens", func(*clock.Stats) {}, 0},
		{"they go", func(s *clock.Stats) { s.Ended[clock.ReasonClient].Add(10_000) }, 0},
		{"they are gone", func(*clock.Stats) {}, 1},
		{"nothing happens again", func(*clock.Stats) {}, 0},
	}
	synctest.Test(t, func(t *testing.T) {
		ctx, stop := context.WithCancel(t.Context())
		defer stop()
		stats := new(clock.Stats)
		go trim(ctx, stats)
		synctest.Wait() // it has started its ticker
		for _, tt := range tests {
			before := collections()
			tt.move(stats)
			time.Sleep(trimCheck)
			synctest.Wait()
			if got := collections() - before; got != tt.want {
				t.Errorf("%s: trimmed %d times, want %d", tt.when, got, tt.want)
			}
		}
	})
}
