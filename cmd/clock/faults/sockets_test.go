//go:build linux && faults

package faults

import (
	"fmt"
	"net/netip"
	"os"
	"strconv"
	"strings"
	"testing"
)

// sockets is what the kernel has of the connections to a clock over IPv4.
type sockets struct {
	open    int // established, or on their way to it or from it
	served  int // of these, open at the clock's end
	waiting int // established and not accepted yet
}

// The states of a socket that are asked for (include/net/tcp_states.h).
const (
	established = "01"
	closeWait   = "08"
	listening   = "0A"
)

// sockets counts the connections to the clock in its network: also those that
// it has closed, and the kernel has yet to.
func (p *process) sockets(t *testing.T) (is sockets) {
	t.Helper()
	table, err := os.ReadFile(fmt.Sprintf("/proc/%d/net/tcp", p.pid))
	if err != nil {
		t.Fatal(err)
	}
	local := procAddress(t, p.addr)
	// While connections come, the kernel may give the last rows of the table
	// again; a connection is known by the address of its other end.
	seen := map[string]bool{}
	for row := range strings.Lines(string(table)) {
		// Of the columns, proc_net_tcp.txt of the kernel's documentation.
		words := strings.Fields(row)
		switch {
		case len(words) < 5 || words[1] != local:
		case words[3] == listening:
			_, queue, _ := strings.Cut(words[4], ":")
			n, err := strconv.ParseInt(queue, 16, 32)
			if err != nil {
				t.Fatal(err)
			}
			is.waiting = int(n)
		case !seen[words[2]]:
			seen[words[2]] = true
			is.open++
			if words[3] == established || words[3] == closeWait {
				is.served++
			}
		}
	}
	return is
}

// connections returns the number of connections that are open at the clock's
// end.
func (p *process) connections(t *testing.T) int {
	t.Helper()
	return p.sockets(t).served
}

// procAddress is an IPv4 address with a port as /proc/net/tcp has it: the port
// alone would do for others' sockets, too, which connect from another address.
func procAddress(t *testing.T, addr string) string {
	t.Helper()
	a, err := netip.ParseAddrPort(addr)
	if err != nil {
		t.Fatal(err)
	}
	b := a.Addr().As4()
	return fmt.Sprintf("%02X%02X%02X%02X:%04X", b[3], b[2], b[1], b[0], a.Port())
}
