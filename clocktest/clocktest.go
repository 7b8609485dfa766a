package clocktest

import (
	"context"
	"net"
	"testing"

	"clock"
)

// A Server is what the suite tests.
type Server interface {
	// Serve serves the clients that come to ln until ctx is done, and closes
	// ln.
	Serve(ctx context.Context, ln net.Listener) error
}

// A Config says what is tested, and what it promises beyond the protocol.
type Config struct {
	// New makes a server.
	New func(clock.Options) Server

	// Ticker is the ticker that the suite asks New for.
	Ticker clock.TickerKind

	// Sequential: the server serves one client at a time.
	Sequential bool

	// Grid: with the ticker per connection, the lines of a connection name
	// its first line's time plus multiples of the interval, without drift.
	Grid bool

	// EndsOnHalfClose: a client that shuts down its sending half is closed.
	// Otherwise it is served on.
	EndsOnHalfClose bool
}

// Run runs the suite as subtests of t, on every network that this machine has.
// Most of them wait most of the time: give go test a -parallel of 16 or more.
func Run(t *testing.T, c Config) {
	each := func(name string, run func(suite, *testing.T)) {
		t.Run(name, func(t *testing.T) {
			for _, network := range []string{"tcp4", "tcp6", "unix"} {
				t.Run(network, func(t *testing.T) {
					if network == "tcp6" && !hasIPv6() {
						t.Skip("no IPv6 loopback on this machine")
					}
					run(suite{Config: c, network: network}, t)
				})
			}
		})
	}
	// Counted on its own, before the others open connections.
	each("stops and leaves nothing behind", suite.leavesNothing)
	each("together", suite.together)
	if !c.Sequential {
		each("thousands at once", suite.thousands)
	}
}

// together runs the tests that may run at the same time, also those of the other
// networks.
func (s suite) together(t *testing.T) {
	t.Parallel()
	for name, test := range s.tests() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t)
		})
	}
}

// tests returns the tests that may run at the same time.
func (s suite) tests() map[string]func(*testing.T) {
	tests := map[string]func(*testing.T){
		"first line at once":         s.firstLine,
		"one line per interval":      s.linePerInterval,
		"observer is told":           s.observed,
		"disconnect is noticed":      s.disconnect,
		"input is ignored":           s.input,
		"half-close":                 s.halfClose,
		"ends with FIN after input":  s.finAfterInput,
		"ends when its listener":     s.listenerFails,
		"closes its listener first":  s.listenerFirst,
		"refuses senseless options":  s.senseless,
		"stalled client is dropped":  s.stalled,
		"slow client loses lines":    s.slow,
		"stop does not wait forever": s.stopWhileStalled,
	}
	if s.network == "tcp4" { // which makes no difference to a clock
		tests["steps of the wall clock"] = s.steps
		tests["daylight saving time"] = s.daylightSaving
		tests["leap second"] = s.leapSecond
	}
	if s.Sequential {
		tests["one client at a time"] = s.oneAtATime
		return tests
	}
	if s.network == "tcp4" { // nor to a listener that fails
		tests["accept fails"] = s.acceptFails
	}
	tests["many clients, whole lines in order"] = s.many
	tests["limit on connections"] = s.limit
	tests["limit on connections from an address"] = s.limitPerIP
	if s.Ticker == clock.Shared {
		tests["same lines for all"] = s.sameForAll
	}
	return tests
}

func hasIPv6() bool {
	ln, err := net.Listen("tcp6", "[::1]:0")
	if err != nil {
		return false
	}
	return ln.Close() == nil
}
