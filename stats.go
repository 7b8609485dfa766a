package clock

import "sync/atomic"

// A Reason says why a connection ended, or why it was refused.
type Reason uint8

// The reasons, in the order of [Reason.String]'s names.
const (
	ReasonClient   Reason = iota // the client closed the connection, or is gone
	ReasonSlow                   // it took nothing for the write timeout
	ReasonShutdown               // the server stopped
	ReasonError                  // the server could not serve it
	ReasonLimit                  // refused: the server is full
	ReasonIPLimit                // refused: too many come from this address
	reasons
)

// String returns the name of the reason as metrics and logs show it.
func (r Reason) String() string {
	return [reasons]string{"client", "slow", "shutdown", "error", "limit", "ip_limit"}[r]
}

// Refused reports whether the reason is one for not letting a client in.
func (r Reason) Refused() bool { return r >= ReasonLimit }

// Reasons yields all reasons.
func Reasons(yield func(Reason) bool) {
	for r := range reasons {
		if !yield(r) {
			return
		}
	}
}

// Stats are the counters of one server. All may be read at any time; each
// only grows.
type Stats struct {
	Accepted     atomic.Int64          // connections let in
	AcceptErrors atomic.Int64          // failed accepts, each tried again
	Sent         atomic.Int64          // lines handed to the kernel whole
	Dropped      atomic.Int64          // lines that a client was too slow to take
	Ended        [reasons]atomic.Int64 // connections ended or refused, by Reason
}

// Connections returns the number of connections open now. It is never
// negative: it counts those that have ended before those that were let in.
func (s *Stats) Connections() int64 {
	var ended int64
	for r := range reasons {
		if !r.Refused() {
			ended += s.Ended[r].Load()
		}
	}
	return s.Accepted.Load() - ended
}
