package plan

import (
	"fmt"
	"math"
	"sort"

	"clock"
	"clock/bench/estimate"
	"clock/bench/slo"
)

// The constraints, by their names.
const (
	CPU       = "cpu"      // all cores busy
	SLO       = "slo"      // lag or jitter at its bound
	Measured  = "measured" // the most clients for a core that were measured
	Memory    = "memory"   // the server's own and the kernel's
	Files     = "files"    // open files of a process
	TCPMemory = "tcp_mem"  // net.ipv4.tcp_mem
	Ports     = "ports"    // of the proxies in front
	NIC       = "nic"      // packets a second
)

// A Count is a number of clients and its 95 % interval.
type Count struct {
	Best int `json:"best"`
	Low  int `json:"low"`
	High int `json:"high"`
}

// A Limit is the most clients on a box that a constraint allows.
type Limit struct {
	Name    string `json:"name"`
	Clients Count  `json:"clients"`
	// Why says, where not even one client is allowed, what is missing.
	Why string `json:"why,omitempty"`
}

// exact is a limit that is known and not estimated.
func exact(name string, clients float64) Limit {
	n := int(max(0, min(clients, math.MaxInt32)))
	return Limit{Name: name, Clients: Count{n, n, n}}
}

// estimated is the limit where the value, which grows with the clients, comes
// to the bound.
func estimated(name string, bound float64, value func(clients float64) estimate.Value) Limit {
	most := func(of func(estimate.Value) float64) int {
		return sort.Search(math.MaxInt32, func(n int) bool { return of(value(float64(n+1))) > bound })
	}
	best := most(func(e estimate.Value) float64 { return e.Mean })
	return Limit{Name: name, Clients: Count{
		Best: best,
		Low:  min(best, most(func(e estimate.Value) float64 { return e.High })),
		High: max(best, most(func(e estimate.Value) float64 { return e.Low })),
	}}
}

// share returns what each server of the measured kind has of the clients on a
// box: a box of eight cores is taken for eight servers of one core, side by
// side, with an eighth of the clients each. For gnet, which has a loop for each
// core, that is how it works; for goroutines it takes the scheduler to spread
// them evenly at no further cost. Either way it is an assumption: what cores
// share, such as memory, caches and the kernel's locks, makes them slower.
//
// For a ticker per connection it is the lines a second that count, so with
// twice the interval twice the clients are the same load.
func (m Model) share(t Target, clients float64) float64 {
	clients *= float64(m.cores) / float64(t.Box.Cores)
	if m.Ticker == clock.PerConn {
		clients *= m.interval.Seconds() / t.Interval.Seconds()
	}
	return clients
}

// Busy returns how many cores of the target's box so many clients keep busy.
// With a shared ticker there is a fixed cost to each tick. With one per
// connection it is the cost of waking up all the time, and the same for any
// interval.
func (m Model) Busy(t Target, clients float64) estimate.Value {
	period := t.Interval
	if m.Ticker == clock.PerConn {
		period = m.interval
	}
	return m.CPU.At(m.share(t, clients)).Positive().Times(float64(t.Box.Cores) / float64(m.cores) / period.Seconds())
}

// Memory returns what so many clients of a box take, in bytes.
func (m Model) Memory(clients float64) estimate.Value {
	return m.UserMemory.At(clients).Positive().Plus(m.KernelMemory.At(clients).Positive())
}

// limits returns the limits of a box. Curves are those of the SLO's bounds.
func (m Model) limits(t Target, curves []curve) []Limit {
	cores := float64(t.Box.Cores)
	limits := []Limit{estimated(CPU, cores, func(n float64) estimate.Value { return m.Busy(t, n) })}
	if limits[0].Clients.Best == 0 {
		limits[0].Why = "its fixed cost alone takes all cores"
	}
	for i, b := range t.SLO {
		delay := func(n float64) estimate.Value { return curves[i](m.share(t, n)) }
		l := estimated(SLO, b.Limit.Seconds(), delay)
		if l.Clients.Best == 0 {
			l.Why = m.missed(b, delay(1).Mean)
		}
		limits = append(limits, l)
	}
	if !t.Extrapolate {
		limits = append(limits, m.measured(t))
	}
	limits = append(limits, estimated(Memory, t.Box.Memory, m.Memory))
	limits = append(limits, exact(Files, float64(t.Box.Files-ownFiles)))
	limits = append(limits, exact(TCPMemory, t.Box.tcpMemory()/page))
	if t.Box.Proxies > 0 {
		limits = append(limits, exact(Ports, float64(t.Box.Proxies)*ephemeralPorts))
	}
	if t.Box.Packets > 0 {
		limits = append(limits, exact(NIC, t.Box.Packets*m.sending(t)))
	}
	return limits
}

// missed says that not even one client has its lines within the bound.
func (m Model) missed(b slo.Bound, delay float64) string {
	if m.Ticker == clock.Shared {
		return fmt.Sprintf("%s of the lag comes to %s with a single client, over %v: loosen the SLO", b.Name(), seconds(delay), b.Limit)
	}
	return fmt.Sprintf("%s of the jitter was %s with %d clients, the fewest measured, over %v: loosen the SLO, or measure fewer clients", b.Name(), seconds(delay), m.Smallest, b.Limit)
}

// measured is the limit of what lag and jitter are known for. Jitter is known
// for the interval that it was measured with; the lag of a batch does not
// depend on it.
func (m Model) measured(t Target) Limit {
	if m.Ticker == clock.PerConn && t.Interval != m.interval {
		l := exact(Measured, 0)
		l.Why = fmt.Sprintf("its jitter was measured with an interval of %v and not of %v: measure that, or use -extrapolate", m.interval, t.Interval)
		return l
	}
	return exact(Measured, float64(m.Largest)*float64(t.Box.Cores)/float64(m.cores))
}

// sending is the time, in seconds, that the card has for a line to each client,
// one packet each: the interval, and for a burst what the SLO leaves of it.
func (m Model) sending(t Target) float64 {
	time := t.Interval.Seconds()
	if m.Ticker == clock.Shared {
		for _, b := range t.SLO {
			time = min(time, b.Limit.Seconds()*100/b.Percentile)
		}
	}
	return time
}
