package load

import (
	"net/netip"

	"golang.org/x/sys/unix"

	"clock/address"
)

// clientsPerSource is how many clients connect from one address. A port is one
// of 28,232 by default, but with half of them taken the kernel looks for a free
// one for most of a millisecond.
const clientsPerSource = 10_000

// sources returns the addresses to connect from; none means that the kernel
// chooses. All of 127.0.0.0/8 is this machine's.
func sources(c Config, target netip.Addr) []netip.Addr {
	if len(c.Sources) > 0 || !target.Is4() || !target.IsLoopback() {
		return c.Sources
	}
	connections := c.Conns
	if c.Storm {
		connections *= 2 // those before it wait for their ports to be free again
	}
	list := make([]netip.Addr, 0, connections/clientsPerSource+1)
	for addr := netip.AddrFrom4([4]byte{127, 0, 0, 1}); len(list)*clientsPerSource < connections; addr = addr.Next() {
		list = append(list, addr)
	}
	return list
}

// sockaddr returns an address as the kernel takes it.
func sockaddr(a netip.AddrPort) (unix.Sockaddr, error) {
	addr := a.Addr().Unmap()
	if addr.Is4() {
		return &unix.SockaddrInet4{Port: int(a.Port()), Addr: addr.As4()}, nil
	}
	zone, err := address.ZoneIndex(addr)
	return &unix.SockaddrInet6{Port: int(a.Port()), Addr: addr.As16(), ZoneId: uint32(zone)}, err
}
