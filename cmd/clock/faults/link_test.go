//go:build linux && faults

package faults

import (
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"clock"
)

// longLayout makes lines of clock.MaxLine bytes.
var longLayout = layout + strings.Repeat(".", clock.MaxLine-len(layout)-1)

// TestThinLink has a client behind a link that carries a fiftieth of what its
// lines come to, and buffers at both ends that hold a few of them, the last one
// in part: with a large receive buffer, each line would be a packet of its own.
// The client sees some lines, whole and in order. What it is behind by is what
// buffers of the kernel hold: when the link gets wide, that comes first, and
// then a line of now. A server that queued would have hundreds for it.
func TestThinLink(t *testing.T) {
	needCommand(t, "tc", "install iproute2")
	together(t, func(t *testing.T, v variant) {
		const (
			interval = 5 * time.Millisecond
			thinFor  = 8 * time.Second
			held     = 16 << 10 // bytes, at the most, on their way: three times what is measured
		)
		w := newWire(t)
		srv := w.start(t, v, "-interval="+interval.String(), "-send-buffer=2304", "-layout="+longLayout)
		bucket := []string{"qdisc", "replace", "dev", device, "root", "tbf", "burst", "2000", "limit", "4000", "rate"}
		w.server.need(t, "token buckets", append([]string{"tc"}, append(bucket, "8kbit")...)...)
		c := w.dialSmall(t, srv)
		c.layout = longLayout

		thin, lines := time.Now(), 0
		for time.Since(thin) < thinFor {
			c.line(t)
			lines++
		}
		w.server.run(t, append([]string{"tc"}, append(bucket, "1gbit")...)...)
		wide, old := time.Now(), 0
		for c.line(t).Before(wide) {
			old++
		}
		t.Logf("%d lines of %d while the link was thin; then %d old ones, and a new one after %v",
			lines, thinFor/interval, old, time.Since(wide))
		if lines > int(thinFor/interval)/2 {
			t.Errorf("%d lines in %v: the link was not thin", lines, thinFor)
		}
		if old*clock.MaxLine > held {
			t.Errorf("%d old lines when the link was wide again, want those that sockets hold", old)
		}
		c.lines(t, 100)
	})
}

// rule finds the first rule in what iptables lists: the number of packets that
// it has matched.
var rule = regexp.MustCompile(`(?m)^\s*(\d+)\s+\d+\s`)

// ruled returns the number of packets that the place's only rule for what comes
// in has matched.
func (p *place) ruled(t *testing.T) int {
	t.Helper()
	rules := p.run(t, "iptables", "--wait", "-nvxL", "INPUT")
	matched := rule.FindStringSubmatch(rules)
	if matched == nil {
		t.Fatalf("iptables lists no rule:\n%s", rules)
	}
	n, err := strconv.Atoi(matched[1])
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// TestPacketLoss loses a twentieth of the packets, both ways. All clients are
// served on, with lines that are whole and in order.
func TestPacketLoss(t *testing.T) {
	needCommand(t, "iptables", "install iptables")
	together(t, func(t *testing.T, v variant) {
		const clients = 20
		w := newWire(t)
		srv := w.start(t, v, "-interval=50ms")
		lose := strings.Fields("iptables --wait -A INPUT -m statistic --mode random --probability 0.05 -j DROP")
		w.server.need(t, "iptables and its statistic match", lose...)
		w.client.run(t, lose...)
		all := make([]*client, clients)
		watches := make([]*watch, clients)
		for i := range all {
			all[i] = w.dial(t, srv)
			watches[i] = all[i].watch()
		}
		time.Sleep(10 * time.Second)
		lines := 0
		for i, c := range all {
			n := len(watches[i].seen(t, c))
			if n < 10 {
				t.Errorf("client %d has seen %d lines", i, n)
			}
			lines += n
		}
		lost := w.client.ruled(t)
		if lost == 0 {
			t.Fatal("no packet on its way to a client was lost")
		}
		t.Logf("%d lines in order, of which %d packets were lost on their way", lines, lost)
	})
}
