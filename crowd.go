package clock

import (
	"net"
	"net/netip"
	"sync"
)

// A crowd counts the clients by the address that they come from, and lets so
// many from each in. IPv6 addresses count by their site: whoever has one has
// all of them. Clients without an address, those of a Unix socket, come as
// they like.
type crowd struct {
	limit int

	mu   sync.Mutex
	from map[netip.Addr]int // guarded by mu
}

func newCrowd(limit int) *crowd {
	return &crowd{limit: limit, from: make(map[netip.Addr]int)}
}

// enter counts a client in, unless there are as many from its address already.
func (c *crowd) enter(from net.Addr) bool {
	site, ok := siteOf(from)
	if !ok {
		return true
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.from[site] == c.limit {
		return false
	}
	c.from[site]++
	return true
}

// leave counts a client out that enter has let in.
func (c *crowd) leave(from net.Addr) {
	site, ok := siteOf(from)
	if !ok {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.from[site]--; c.from[site] == 0 {
		delete(c.from, site)
	}
}

// siteOf returns the address that stands for all that are counted as one.
func siteOf(a net.Addr) (netip.Addr, bool) {
	tcp, ok := a.(*net.TCPAddr)
	if !ok {
		return netip.Addr{}, false
	}
	addr := tcp.AddrPort().Addr().Unmap().WithZone("")
	if addr.Is6() {
		return netip.PrefixFrom(addr, ipv6Site).Masked().Addr(), true
	}
	return addr, addr.IsValid()
}
