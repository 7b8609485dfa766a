package eventloop_test

import (
	"testing"

	"go.uber.org/goleak"

	"clock"
	"clock/clocktest"
	"clock/eventloop"
)

// Importing gnet starts its worker pool's two goroutines, which never end.
func TestMain(m *testing.M) { goleak.VerifyTestMain(m, goleak.IgnoreCurrent()) }

func TestConformance(t *testing.T) {
	for name, c := range map[string]clocktest.Config{
		"per-conn": {Ticker: clock.PerConn, Grid: true},
		"shared":   {Ticker: clock.Shared},
	} {
		t.Run(name, func(t *testing.T) {
			c.EndsOnHalfClose = true
			c.New = func(o clock.Options) clocktest.Server { return &eventloop.Server{Options: o} }
			clocktest.Run(t, c)
		})
	}
}
