package report

import (
	"slices"

	"clock/bench/load"
	"clock/bench/record"
)

// A section is a table under a heading of its own.
type section struct {
	Title string
	Table *table
}

// figures are the main tables: one for each number of clients, one row for each
// variant.
func (d *data) figures() []section {
	var sections []section
	for _, conns := range d.sizes {
		t := newTable(1, "server", cpu.header(), "× floor", lagP50.header(), lagP99.header(), jitterP99.header(), span.header(),
			"user memory (kB/client)", "kernel memory (kB/client)", "reach", "runs")
		for _, v := range d.variants {
			c := cell(v, conns)
			if len(d.runs[c]) == 0 {
				continue
			}
			t.add(v.Name, d.middle(cpu, c), d.overFloor(c), d.middle(lagP50, c), d.spread(lagP99, c), d.spread(jitterP99, c), d.middle(span, c),
				d.middle(userMemory, c), d.middle(kernelMemory, c), showReach(d.runs[c]), integer(len(d.runs[c])))
		}
		sections = append(sections, section{plural(conns, "client"), t})
	}
	return sections
}

// overFloor shows how many times the floor's processor time the server takes.
func (d *data) overFloor(c record.Cell) string {
	floor := c
	floor.Variant = record.FloorName
	if c == floor {
		return "1"
	}
	return showRatio(d.ratio(cpu, c, floor))
}

// middle shows the median of a measure over the rounds.
func (d *data) middle(m measure, c record.Cell) string {
	v, known := d.median(m, c)
	if !known {
		return none
	}
	return m.show(v)
}

// prose shows the median of a measure with its unit.
func (d *data) prose(m measure, v record.Variant, conns int) string {
	value, known := d.median(m, cell(v, conns))
	if !known {
		return none
	}
	return m.prose(value)
}

// spread shows the median, and the least and the greatest value.
func (d *data) spread(m measure, c record.Cell) string {
	values := d.values(m, c)
	if len(values) < 2 {
		return d.middle(m, c)
	}
	return d.middle(m, c) + " [" + m.show(slices.Min(values)) + "–" + m.show(slices.Max(values)) + "]"
}

// reach is the lines that arrived over those that should have, in all the runs,
// if there should have been any.
func reach(runs []record.Run) (share float64, known bool) {
	lines := total(runs, func(r *load.Result) int64 { return r.Lines })
	missing := total(runs, func(r *load.Result) int64 { return r.Missing })
	if lines+missing == 0 {
		return 0, false
	}
	return float64(lines) / float64(lines+missing), true
}

func showReach(runs []record.Run) string {
	share, known := reach(runs)
	if !known {
		return none
	}
	return showShare(share)
}
