package load

import (
	"errors"
	"fmt"
	"net"
	"net/netip"

	"clock/address"
)

// checkSources returns an error if no machine could connect from the sources to
// the server.
func (c Config) checkSources() error {
	if len(c.Sources) == 0 {
		return nil
	}
	if c.Network == "unix" {
		return errors.New("a unix socket has no addresses to connect from: leave -source out")
	}
	first := c.Sources[0]
	for _, source := range c.Sources {
		if source.Is4() != first.Is4() {
			return fmt.Errorf("sources %v and %v are of two families: give those of one", first, source)
		}
	}
	if c.Network == "tcp4" && !first.Is4() || c.Network == "tcp6" && first.Is4() {
		return fmt.Errorf("cannot connect from %v over %s: give sources of its family", first, c.Network)
	}
	host, _, _ := net.SplitHostPort(c.Addr)
	if server, err := netip.ParseAddr(host); err == nil && server.Unmap().Is4() != first.Is4() {
		return fmt.Errorf("cannot connect from %v to %v: give sources of its family", first, server)
	}
	return nil
}

// bindSources returns an error if one of the sources is no address of this
// machine.
func (c Config) bindSources() error {
	for _, source := range c.Sources {
		ln, err := net.Listen("tcp", netip.AddrPortFrom(source, 0).String())
		if err != nil {
			return fmt.Errorf("cannot connect from %v: %s; give an address of this machine", source, address.Cause(err))
		}
		_ = ln.Close()
	}
	return nil
}

// localAddr returns the address that client i connects from; nil means that
// the kernel chooses.
func (c Config) localAddr(i int) net.Addr {
	if len(c.Sources) == 0 {
		return nil
	}
	return net.TCPAddrFromAddrPort(netip.AddrPortFrom(c.Sources[i%len(c.Sources)], 0))
}
