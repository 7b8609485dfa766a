package load

// A role is what a client does.
type role uint8

const (
	behaving role = iota
	stalled       // never reads
	churning      // leaves and reconnects, in turn with others
)

// A state is how far a client has come.
type state uint8

const (
	waiting state = iota // to connect
	calling              // connect was called; no line yet
	served               // has had its first line
	gone                 // for good
)

// A client is what the fleet knows about one of its connections. There are
// many: every byte counts. Instants are in nanoseconds since 1970, by the wall
// clock, which is what the kernel stamps lines with.
type client struct {
	fd    int32
	role  role
	state state

	lines uint32 // that came in the window, each tick once
	sum   int64  // of the judged measure over those lines
	owed  int64  // lines of the window that were due, and have not come

	called int64 // when it called connect
	first  int64 // when its first line arrived
	last   int64 // when its last line arrived; 0 means it has had none
	shown  int64 // the latest instant that a line named
}

// A share is the part of the fleet that a worker has: client i of the worker
// is client of(i) of the fleet, so that workers connect in turn.
type share struct{ worker, workers int }

func (s share) of(i int) int { return i*s.workers + s.worker }

// clients returns the worker's clients, each with its role. Those that
// misbehave are spread evenly over the fleet.
func (s share) clients(c Config) []client {
	stall, churn := c.misbehaving()
	clients := make([]client, 0, c.Conns/s.workers+1)
	for i := s.worker; i < c.Conns; i += s.workers {
		clients = append(clients, client{role: roleOf(i, c.Conns, stall, churn)})
	}
	return clients
}

func roleOf(i, n, stall, churn int) role {
	// n clients in a row cross a multiple of 1/stall exactly stall times.
	bad := stall + churn
	if before, after := i*bad/n, (i+1)*bad/n; before == after {
		return behaving
	} else if before*stall/bad != after*stall/bad {
		return stalled
	}
	return churning
}
