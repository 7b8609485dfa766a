package load_test

import (
	"math"
	"strings"
	"testing"
	"time"

	"clock"
	"clock/bench/load"
)

// valid is a config that makes sense.
func valid() load.Config {
	return load.Config{Addr: "localhost:8000", Conns: 1000, Duration: time.Second, Face: clock.Face{Layout: time.StampNano, Zone: time.UTC}}
}

// TestWhatIsTooMuchIsRefused is about figures from which memory, threads or
// instants past the end of time would follow.
func TestWhatIsTooMuchIsRefused(t *testing.T) {
	t.Parallel()
	const forever = time.Duration(math.MaxInt64)
	for _, tt := range []struct {
		change func(*load.Config)
		want   string // "" means that it is fine
	}{
		{func(c *load.Config) { c.Duration = 1000 * time.Hour; c.Interval = time.Millisecond }, ""},
		{func(c *load.Config) { c.Interval = forever }, "interval 2562047h47m16.854775807s is too long: at most 8760h0m0s"}, // its double overflows
		{func(c *load.Config) { c.Interval = load.MaxTime + 1 }, "too long"},
		{func(c *load.Config) { c.Duration = forever }, "duration 2562047h47m16.854775807s is too long"},
		{func(c *load.Config) { c.Warmup = forever }, "warm-up of 2562047h47m16.854775807s is too long"},
		{func(c *load.Config) { c.Warmup = -1 }, "at least 0"},
		{func(c *load.Config) { c.Rate = 1e-9 }, "1000 clients would not be there within 8760h0m0s"},
		{func(c *load.Config) { c.Churn = 1e-12 }, "none would leave within 8760h0m0s"},
		{func(c *load.Config) { c.Churn = 1e300 }, "none is left to measure"},
		{func(c *load.Config) { c.Conns = 10_000_001 }, "10000001 clients: a fleet of one process has at most 10000000"},
		{func(c *load.Config) { c.Workers = 257 }, "257 workers: at most 256"},
		{func(c *load.Config) { c.Batch = time.Second }, "batches of 1s: at most 100ms"},
		{func(c *load.Config) { c.Batch = 6 * time.Millisecond; c.Interval = 10 * time.Millisecond }, "half the interval, 5ms"},
	} {
		c := valid()
		tt.change(&c)
		switch err := c.Check(); {
		case tt.want == "" && err != nil:
			t.Errorf("Check = %v, want none", err)
		case tt.want != "" && (err == nil || !strings.Contains(err.Error(), tt.want)):
			t.Errorf("Check = %v, want an error that says %q", err, tt.want)
		}
	}
}

func TestTheLongestTimesMakeSense(t *testing.T) {
	c := valid()
	c.Face.Layout = time.RFC3339
	c.Interval, c.Warmup, c.Duration = load.MaxTime, load.MaxTime, load.MaxTime
	if err := c.Check(); err != nil {
		t.Error(err)
	}
	c.Warmup = 0 // the default
	if err := c.Check(); err != nil {
		t.Error(err)
	}
	c = valid()
	c.Interval = clock.MinInterval // with the batches of the default
	c.Face.Layout = time.StampMilli
	if err := c.Check(); err != nil {
		t.Error(err)
	}
}
