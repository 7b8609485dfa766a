// Package address checks the addresses that users type, and says in few words why
// one cannot be reached.
package address

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"time"
)

// DialTimeout bounds a client's wait for a host that does not answer at all;
// without it the kernel keeps trying for about two minutes.
const DialTimeout = 10 * time.Second

// networks are the networks of the clock's servers and clients.
var networks = []string{"tcp", "tcp4", "tcp6", "unix"}

// CheckNetwork returns an error unless the network is one of tcp, tcp4, tcp6 and
// unix.
func CheckNetwork(network string) error {
	if !slices.Contains(networks, network) {
		return fmt.Errorf("unknown network %q: use %s", network, strings.Join(networks, ", "))
	}
	return nil
}

// Check tells a wrong address, which is a user's error, from a server
// that is not there. The address is host:port, or if network is unix a path, or
// on Linux @name, an abstract socket.
func Check(network, addr string) error {
	if err := CheckNetwork(network); err != nil {
		return err
	}
	if network == "unix" {
		return CheckUnix(addr)
	}
	host, port, err := net.SplitHostPort(addr)
	if err != nil || port == "" {
		return fmt.Errorf("address %q is not host:port; try localhost:8000 or [::1]:8000", addr)
	}
	if _, err := net.LookupPort(network, port); err != nil {
		return fmt.Errorf("address %q has no valid port; try one from 1 to 65535", addr)
	}
	if ip, err := netip.ParseAddr(host); err == nil && ip.Is6() {
		return checkZone(ip)
	}
	return nil
}

// checkZone returns an error if the address belongs to a network interface and
// does not name one that there is.
func checkZone(ip netip.Addr) error {
	if ip.Zone() == "" && ip.IsLinkLocalUnicast() && !ip.Is4In6() {
		return fmt.Errorf("address %v is that of a network interface, which has to be named: try %[1]v%%eth0", ip)
	}
	_, err := ZoneIndex(ip)
	return err
}

// ZoneIndex returns the index of the network interface that an IPv6 address
// names as its zone, as eth0 in fe80::1%eth0, or its number; 0 if it names none.
// It returns an error if this machine has no such interface.
func ZoneIndex(ip netip.Addr) (int, error) {
	zone := ip.Zone()
	if zone == "" {
		return 0, nil
	}
	if i, err := net.InterfaceByName(zone); err == nil {
		return i.Index, nil
	}
	if n, err := strconv.Atoi(zone); err == nil {
		if i, err := net.InterfaceByIndex(n); err == nil {
			return i.Index, nil
		}
	}
	return 0, fmt.Errorf("address %v: this machine has no network interface %q", ip, zone)
}

// Cause returns the innermost cause of an error of package net in the words of
// the system: "connection refused", not "dial tcp 127.0.0.1:8000: connect:
// connection refused".
func Cause(err error) string {
	if errors.Is(err, context.DeadlineExceeded) {
		return fmt.Sprintf("no answer within %v", DialTimeout)
	}
	for errors.Unwrap(err) != nil {
		err = errors.Unwrap(err)
	}
	return err.Error()
}
