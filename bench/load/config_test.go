package load_test

import (
	"strings"
	"testing"
	"time"

	"clock"
	"clock/bench/load"
)

// TestWhatIsTooMuchIsRefused is about figures from which memory, threads or
// instants past the end of time would follow.
func TestWhatIsTooMuchIsRefused(t *testing.T) {
	t.Parallel()
	const century = 100 * 365 * 24 * time.Hour
	for _, tt := range []struct {
		change func(*load.Config)
		want   string // "" means that it is fine
	}{
		{func(c *load.Config) { c.Duration = 1000 * time.Hour; c.Interval = time.Millisecond }, ""},
		{func(c *load.Config) { c.Interval = 43800 * time.Hour; c.Churn = 1e-300; c.Rate = 1e-300 }, ""},
		{func(c *load.Config) { c.Interval = 2 * century }, "an interval of 1752000h0m0s: at most 87600h0m0s"}, // its double overflows
		{func(c *load.Config) { c.Duration = century }, "a duration of 876000h0m0s: at most 87600h0m0s"},
		{func(c *load.Config) { c.Warmup = century }, "a warm-up of 876000h0m0s: at most 87600h0m0s"},
		{func(c *load.Config) { c.Conns = 10_000_001 }, "10000001 clients: a fleet of one process has at most 10000000"},
		{func(c *load.Config) { c.Workers = 257 }, "257 workers: at most 256"},
		{func(c *load.Config) { c.Batch = time.Second }, "batches of 1s: at most 100ms"},
		{func(c *load.Config) { c.Batch = 6 * time.Millisecond; c.Interval = 10 * time.Millisecond }, "half the interval, 5ms"},
		{func(c *load.Config) { c.Churn = 1e300 }, "none is left to measure"},
	} {
		c := load.Config{Addr: "localhost:8000", Conns: 10, Duration: time.Second, Face: clock.Face{Layout: time.StampNano, Zone: time.UTC}}
		tt.change(&c)
		switch err := c.Check(); {
		case tt.want == "" && err != nil:
			t.Errorf("Check = %v, want none", err)
		case tt.want != "" && (err == nil || !strings.Contains(err.Error(), tt.want)):
			t.Errorf("Check = %v, want an error that says %q", err, tt.want)
		}
	}
}
