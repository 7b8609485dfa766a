//go:build linux && faults

package faults

import (
	"fmt"
	"net"
	"os"
	"strconv"
	"strings"
	"testing"
)

// sockets is what the kernel has of the connections to a clock over IPv4.
type sockets struct {
	open    int // established, or on their way to it or from it
	waiting int // of these, established and not accepted yet
}

// sockets counts the connections to the clock in its network: also those that
// it has closed, and the kernel has yet to.
func (p *process) sockets(t *testing.T) sockets {
	t.Helper()
	_, port, err := net.SplitHostPort(p.addr)
	if err != nil {
		t.Fatal(err)
	}
	number, err := strconv.Atoi(port)
	if err != nil {
		t.Fatal(err)
	}
	table, err := os.ReadFile(fmt.Sprintf("/proc/%d/net/tcp", p.pid))
	if err != nil {
		t.Fatal(err)
	}
	var is sockets
	for row := range strings.Lines(string(table)) {
		// Of the columns, proc_net_tcp.txt of the kernel's documentation.
		words := strings.Fields(row)
		if len(words) < 5 || !strings.HasSuffix(words[1], fmt.Sprintf(":%04X", number)) {
			continue
		}
		const listening = "0A"
		if words[3] != listening {
			is.open++
			continue
		}
		_, queue, _ := strings.Cut(words[4], ":")
		n, err := strconv.ParseInt(queue, 16, 32)
		if err != nil {
			t.Fatal(err)
		}
		is.waiting = int(n)
	}
	return is
}
