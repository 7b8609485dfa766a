package eventloop_test

import (
	"flag"
	"testing"

	"go.uber.org/goleak"

	"clock"
	"clock/clocktest"
	"clock/eventloop"
)

// Importing gnet starts its worker pool's two goroutines, which never end.
func TestMain(m *testing.M) {
	// Tests wait for lines most of the time: more of them run at once than there
	// are processors.
	flag.Parse()
	flag.Set("test.parallel", "16")
	goleak.VerifyTestMain(m, goleak.IgnoreCurrent())
}

func TestConformance(t *testing.T) {
	for _, ticker := range []clock.TickerKind{clock.PerConn, clock.Shared} {
		t.Run(string(ticker), func(t *testing.T) {
			clocktest.Run(t, clocktest.Config{
				New:             func(o clock.Options) clocktest.Server { return &eventloop.Server{Options: o, Loops: 2} },
				Ticker:          ticker,
				Grid:            true,
				EndsOnHalfClose: true,
			})
		})
	}
}

// The systems without a send of our own send by gnet.
func TestConformanceOfPortableSend(t *testing.T) {
	clocktest.Run(t, clocktest.Config{
		New: func(o clock.Options) clocktest.Server {
			s := &eventloop.Server{Options: o}
			s.SendPortably()
			return s
		},
		Ticker:          clock.Shared,
		EndsOnHalfClose: true,
	})
}
