package goroutine_test

import (
	"flag"
	"testing"

	"go.uber.org/goleak"

	"clock"
	"clock/clocktest"
	"clock/goroutine"
)

func TestMain(m *testing.M) {
	// Tests wait for lines most of the time: more of them run at once than there
	// are processors.
	flag.Parse()
	flag.Set("test.parallel", "16")
	goleak.VerifyTestMain(m)
}

func TestConformance(t *testing.T) {
	for name, c := range map[string]clocktest.Config{
		"sequential": {Sequential: true, Ticker: clock.PerConn},
		"per-conn":   {Ticker: clock.PerConn},
		"shared":     {Ticker: clock.Shared},
	} {
		t.Run(name, func(t *testing.T) {
			c.New = func(o clock.Options) clocktest.Server {
				return &goroutine.Server{Options: o, Sequential: c.Sequential}
			}
			clocktest.Run(t, c)
		})
	}
}
