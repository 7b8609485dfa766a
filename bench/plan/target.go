package plan

import (
	"errors"
	"fmt"
	"math"
	"time"

	"clock"
	"clock/bench/slo"
)

// A Target is what is asked for.
type Target struct {
	Clients  int           `json:"clients"`
	Interval time.Duration `json:"interval"` // from line to line
	SLO      slo.SLO       `json:"slo"`
	// Headroom is the share of its capacity that a box is filled to, also
	// while another box is down. It is taken once, off the capacity: a box
	// whose processors bind is then busy for that share of the time.
	Headroom float64 `json:"headroom"`
	// Extrapolate allows lag and jitter beyond what was measured.
	Extrapolate bool `json:"extrapolate"`
	Box         Box  `json:"box"`
}

// A Box is what a server has at its disposal.
type Box struct {
	Cores  int     `json:"cores"`
	Memory float64 `json:"memory"` // bytes
	Files  int     `json:"files"`  // that a process may have open
	// TCPMemory is the greatest of the three figures of net.ipv4.tcp_mem, in
	// bytes; 0 means what Linux takes by itself.
	TCPMemory float64 `json:"tcp_memory,omitempty"`
	// Proxies is the number of addresses that a proxy in front of the box
	// connects from; 0 means that clients connect from addresses of their own.
	Proxies int `json:"proxies,omitempty"`
	// Packets is what the network card sends a second; 0 means unknown.
	Packets float64 `json:"packets,omitempty"`
}

// The limits of Linux, and what they are defaults for.
const (
	// DefaultFiles is the hard limit that systemd gives to a service.
	DefaultFiles = 524288

	// ownFiles are those that a server has open besides its clients: listener,
	// epoll and event descriptors, standard streams, logs.
	ownFiles = 64

	// tcpMemoryShare is the part of the memory that tcp_mem ends at by default:
	// tcp_init_mem in net/ipv4/tcp.c.
	tcpMemoryShare = 3.0 / 32

	// page is what a socket is charged at least, of tcp_mem, while a line is on
	// its way. A burst has all of them on their way.
	page = 4096

	// ephemeralPorts is the size of the default net.ipv4.ip_local_port_range,
	// 32768 to 60999: the connections from one address to one port of another.
	ephemeralPorts = 60999 - 32768 + 1
)

func (b Box) tcpMemory() float64 {
	if b.TCPMemory > 0 {
		return b.TCPMemory
	}
	return tcpMemoryShare * b.Memory
}

// check returns an error if the target makes no sense.
func (t Target) check() error {
	switch {
	case t.Clients < 1 || t.Clients > math.MaxInt32:
		return fmt.Errorf("%d clients: there must be one, and at most %d", t.Clients, math.MaxInt32)
	case t.Interval < clock.MinInterval:
		return fmt.Errorf("an interval of %v: it must be at least %v", t.Interval, clock.MinInterval)
	case !(t.Headroom > 0 && t.Headroom <= 1):
		return fmt.Errorf("a headroom of %g: it must be above 0 and at most 1", t.Headroom)
	case t.Box.Cores < 1 || !(t.Box.Memory > 0) || t.Box.Files < 1:
		return errors.New("a box has at least one core, some memory and a file")
	case !(t.Box.TCPMemory >= 0) || t.Box.Proxies < 0 || !(t.Box.Packets >= 0):
		return errors.New("a box cannot have less than no TCP memory, proxies or packets")
	}
	return t.SLO.Check()
}
