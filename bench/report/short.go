package report

import (
	"slices"

	"clock"
	"clock/bench/estimate"
	"clock/bench/slo"
)

// short is the report in a table: what somebody who has to choose a server asks
// first. It is about the largest number of clients that was measured.
func (d *data) short() *table {
	conns := d.headline()
	head := []string{"with " + plural(conns, "client"), "CPU per line, × floor", "memory per client", "with the kernel's", "p99 of the lag", "p99 of the jitter"}
	var slos []slo.SLO
	for _, c := range d.searched {
		if !slices.ContainsFunc(slos, func(s slo.SLO) bool { return slices.Equal(s, c.slo) }) {
			slos = append(slos, c.slo)
			head = append(head, "clients within "+c.slo.Show())
		}
	}
	t := newTable(1, head...)
	for _, v := range d.compared() {
		c := cell(v, conns)
		user, known := d.median(userMemory, c)
		if !known {
			continue
		}
		all := none
		if kernel, known := d.median(kernelMemory, c); known {
			all = showBytes(user + kernel)
		}
		lag, jitter := d.prose(lagP99, v, conns), none
		if v.Ticker == clock.PerConn {
			lag, jitter = none, d.prose(jitterP99, v, conns)
		}
		row := []string{"`" + v.Name + "`", d.overFloor(c), showBytes(user), all, lag, jitter}
		for _, s := range slos {
			row = append(row, d.holds(v.Name, s))
		}
		t.add(row...)
	}
	return t
}

// holds is the capacity of a server within an SLO.
func (d *data) holds(server string, bounds slo.SLO) string {
	i := slices.IndexFunc(d.searched, func(c capacity) bool {
		return c.server.Name == server && slices.Equal(c.slo, bounds) && len(c.found) > 0
	})
	if i < 0 {
		return none
	}
	s := fixed(estimate.Median(d.searched[i].found), 0)
	if d.searched[i].limited {
		s = "≥ " + s
	}
	return s
}
