// Package clocktest is the conformance suite of the clock protocol. Any engine
// passes it that serves the protocol of package clock, in the manner of
// testing/fstest:
//
//	func TestConformance(t *testing.T) {
//		clocktest.Run(t, clocktest.Config{
//			New:    func(o clock.Options) clocktest.Server { return &Server{Options: o} },
//			Ticker: clock.Shared,
//		})
//	}
//
// The suite asserts what clients see, never how fast: a slow machine makes it
// slow, not red.
package clocktest
