package accept

import (
	"net"
	"net/netip"
	"sync"

	"clock"
)

// perAddress counts the connections from each address, and holds each to a limit.
// IPv6 addresses count per /64, since one customer owns it. Connections without
// an address, those of a Unix socket, are not limited.
type perAddress struct {
	limit int

	mu    sync.Mutex
	conns map[netip.Addr]int // guarded by mu
}

func newPerAddress(limit int) *perAddress {
	return &perAddress{limit: limit, conns: make(map[netip.Addr]int)}
}

// enter counts a connection, unless there are as many from its address already.
func (p *perAddress) enter(from net.Addr) bool {
	addr, ok := addressOf(from)
	if !ok {
		return true
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.conns[addr] == p.limit {
		return false
	}
	p.conns[addr]++
	return true
}

// leave takes back what enter has counted.
func (p *perAddress) leave(from net.Addr) {
	addr, ok := addressOf(from)
	if !ok {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.conns[addr]--; p.conns[addr] == 0 {
		delete(p.conns, addr)
	}
}

// sameAddress reports for an address whether it counts as the same as from.
func sameAddress(from net.Addr) func(net.Addr) bool {
	addr, _ := addressOf(from)
	return func(other net.Addr) bool {
		same, ok := addressOf(other)
		return ok && same == addr
	}
}

// addressOf returns the address that a connection counts for.
func addressOf(a net.Addr) (netip.Addr, bool) {
	tcp, ok := a.(*net.TCPAddr)
	if !ok {
		return netip.Addr{}, false
	}
	addr := tcp.AddrPort().Addr().Unmap().WithZone("")
	if addr.Is6() {
		return netip.PrefixFrom(addr, clock.IPv6Prefix).Masked().Addr(), true
	}
	return addr, addr.IsValid()
}
