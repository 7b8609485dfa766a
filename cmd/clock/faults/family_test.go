//go:build linux && faults

package faults

import (
	"net"
	"strings"
	"syscall"
	"testing"
)

// TestAddressFamilies serves on machines that have IPv4 and IPv6, or one of
// them, and demands of every variant that the same clients reach it; or else
// one line that says what to do.
func TestAddressFamilies(t *testing.T) {
	needRoot(t)
	needCommand(t, "ip", "install iproute2")
	const refused = "" // the families that reach a clock that does not serve
	type row struct{ network, host, reach string }
	stacks := []struct {
		name  string
		setUp []string // the command that makes it of one with both
		rows  []row
	}{
		{"dual stack", nil, []row{
			{"tcp", "localhost", "4"},
			{"tcp", "", "46"},
			{"tcp", "::", "46"},
			{"tcp", "0.0.0.0", "46"}, // as package net has it; tcp4 is the one without IPv6
			{"tcp", "127.0.0.1", "4"},
			{"tcp", "::1", "6"},
			{"tcp4", "::", "4"},
			{"tcp4", "0.0.0.0", "4"},
			{"tcp4", "::1", refused},
			{"tcp6", "", "6"},
			{"tcp6", "::", "6"},
			{"tcp6", "::1", "6"},
			{"tcp6", "127.0.0.1", refused},
		}},
		{"IPv6 only", []string{"ip", "addr", "del", "127.0.0.1/8", "dev", "lo"}, []row{
			{"tcp", "::1", "6"},
			{"tcp", "localhost", refused}, // 127.0.0.1, where the name has that
			{"tcp", "127.0.0.1", refused},
			{"tcp4", "127.0.0.1", refused},
			{"tcp6", "", "6"},
			{"tcp6", "::", "6"},
			{"tcp6", "::1", "6"},
		}},
		{"IPv6 off", []string{"sh", "-c", "echo 1 >/proc/sys/net/ipv6/conf/all/disable_ipv6"}, []row{
			{"tcp", "localhost", "4"},
			{"tcp", "", "4"},
			{"tcp", "::", "4"},
			{"tcp", "0.0.0.0", "4"},
			{"tcp", "::1", refused},
			{"tcp4", "::", "4"},
			{"tcp4", "0.0.0.0", "4"},
			{"tcp6", "::1", refused},
		}},
	}
	together(t, func(t *testing.T, v variant) {
		for _, stack := range stacks {
			t.Run(stack.name, func(t *testing.T) {
				machine := namespace(t)
				needIPv6(t, machine)
				if stack.setUp != nil {
					machine.need(t, "an IPv6 that can be turned off", stack.setUp...)
				}
				for _, row := range stack.rows {
					c := command{variant: v, in: machine, flags: []string{
						"-network=" + row.network, "-addr=" + net.JoinHostPort(row.host, "0"), "-interval=50ms",
					}}
					p := c.launch(t)
					if row.reach == refused {
						checkRefused(t, p, strings.Join(c.flags[:2], " "))
						continue
					}
					p.awaitServing(t)
					if got := reach(t, p); got != row.reach {
						t.Errorf("-network=%s -addr=%s, serving on %s: reached over IPv%q, want %q", row.network, row.host, p.addr, got, row.reach)
					}
					p.signal(t, syscall.SIGTERM)
					p.exit(t)
				}
			})
		}
	})
}

// reach returns the families, 4 and 6, over which a client reaches a clock on
// the loopback.
func reach(t *testing.T, p *process) (families string) {
	t.Helper()
	_, port, err := net.SplitHostPort(p.addr)
	if err != nil {
		t.Fatal(err)
	}
	for _, loopback := range []struct{ family, ip string }{{"4", "127.0.0.1"}, {"6", "::1"}} {
		var conn net.Conn
		p.place.do(func() { conn, err = net.DialTimeout("tcp", net.JoinHostPort(loopback.ip, port), patience) })
		if err != nil {
			continue
		}
		newClient(conn).lines(t, 2)
		_ = conn.Close()
		families += loopback.family
	}
	return families
}

// checkRefused demands that a clock ends with one line that says what to do.
func checkRefused(t *testing.T, p *process, what string) {
	t.Helper()
	state, said := p.exit(t), p.stderr.String()
	if state.ExitCode() != 1 || strings.Count(said, "\n") != 1 || !strings.HasPrefix(said, "clock: ") || !strings.Contains(said, ": choose ") {
		t.Errorf("%s: exit code %d, and it said %q; want 1 and one line with a hint", what, state.ExitCode(), said)
	}
}

// needIPv6 skips a test where a place has no IPv6.
func needIPv6(t *testing.T, in *place) {
	t.Helper()
	var ln net.Listener
	var err error
	in.do(func() { ln, err = net.Listen("tcp6", "[::1]:0") })
	if err != nil {
		t.Skipf("needs IPv6: %v: use a kernel that has it, where it is not turned off", err)
	}
	_ = ln.Close()
}
