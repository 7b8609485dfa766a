package load_test

import (
	"net"
	"net/netip"
	"strconv"
	"strings"
	"testing"
	"time"

	"clock"
	"clock/bench/load"
)

// TestSourcesOfNoUse is about addresses from which no machine could connect.
func TestSourcesOfNoUse(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		network, addr string
		sources       string
		want          string // "" means that they are fine
	}{
		{"tcp", "127.0.0.1:8000", "127.0.0.2,127.0.0.3", ""},
		{"tcp", "127.0.0.1:8000", "::ffff:127.0.0.2", ""},
		{"tcp", "[::ffff:127.0.0.1]:8000", "127.0.0.2", ""},
		{"tcp", "[::1]:8000", "::1", ""},
		{"tcp", "localhost:8000", "::1", ""},
		{"tcp", "127.0.0.1:8000", "::1", "cannot connect from ::1 to 127.0.0.1"},
		{"tcp", "[::1]:8000", "127.0.0.2", "cannot connect from 127.0.0.2 to ::1"},
		{"tcp", "localhost:8000", "127.0.0.1,::1", "127.0.0.1 and ::1 are of two families"},
		{"tcp4", "localhost:8000", "::1", "cannot connect from ::1 over tcp4"},
		{"tcp6", "localhost:8000", "127.0.0.1", "cannot connect from 127.0.0.1 over tcp6"},
		{"unix", "/run/clock", "127.0.0.1", "a unix socket has no addresses to connect from"},
	} {
		c := load.Config{Network: tt.network, Addr: tt.addr, Conns: 1, Duration: time.Second, Face: utc}
		for source := range strings.SplitSeq(tt.sources, ",") {
			c.Sources = append(c.Sources, netip.MustParseAddr(source))
		}
		switch err := c.Check(); {
		case tt.want == "" && err != nil:
			t.Errorf("%s to %s: Check = %v, want none", tt.sources, tt.addr, err)
		case tt.want != "" && (err == nil || !strings.Contains(err.Error(), tt.want)):
			t.Errorf("%s to %s: Check = %v, want an error that says %q", tt.sources, tt.addr, err, tt.want)
		}
	}
}

// TestLinkLocalAddress loads a server at an address that needs the name of its
// network interface, from another such, or the same.
func TestLinkLocalAddress(t *testing.T) {
	t.Parallel()
	addr := linkLocal(t)
	listens := serve(t, "tcp", net.JoinHostPort(addr.String(), "0"), "gnet", clock.Options{Interval: 100 * time.Millisecond, Face: fine})
	// The kernel names no zone where it tells what a listener's address is.
	server := net.JoinHostPort(addr.String(), strconv.Itoa(int(netip.MustParseAddrPort(listens).Port())))
	for _, sources := range [][]netip.Addr{nil, {addr}} {
		r, err := load.Run(t.Context(), load.Config{
			Addr: server, Conns: 5, Sources: sources, Face: fine,
			Interval: 100 * time.Millisecond, Duration: 200 * time.Millisecond,
		})
		if err != nil {
			t.Fatal(err)
		}
		if r.Connect.Clients != 5 || r.Failed > 0 {
			t.Errorf("%d clients connected from %v, %d failed: %v", r.Connect.Clients, sources, r.Failed, r.Trouble())
		}
	}
}

// linkLocal returns an address with a zone that this machine has. It skips the
// test where there is none.
func linkLocal(t *testing.T) netip.Addr {
	t.Helper()
	interfaces, err := net.Interfaces()
	if err != nil {
		t.Fatal(err)
	}
	for _, i := range interfaces {
		addrs, _ := i.Addrs()
		for _, a := range addrs {
			prefix, err := netip.ParsePrefix(a.String())
			if err == nil && prefix.Addr().Is6() && prefix.Addr().IsLinkLocalUnicast() && i.Flags&net.FlagUp != 0 {
				return prefix.Addr().WithZone(i.Name)
			}
		}
	}
	t.Skip("needs an IPv6 link-local address: ip addr add fe80::1/64 dev lo")
	return netip.Addr{}
}
