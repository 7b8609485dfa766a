package report

import (
	"fmt"
	"slices"

	"clock/bench/estimate"
	"clock/bench/record"
)

// A control is a server that was measured twice under two names. Any difference
// between the two is the measurement's own.
type control struct {
	Name, Of    string
	measures    []measure
	sizes       []int
	comparisons []comparison
}

// A comparison is one figure of a control.
type comparison struct {
	measure string
	conns   int
	ratio   estimate.Mean
	differs bool // after correction for the number of comparisons
}

// controls compares each control with what it repeats, in every measure and at
// every number of clients.
func (d *data) controls() []control {
	var found []control
	for _, again := range d.variants {
		i := slices.IndexFunc(d.variants, func(v record.Variant) bool { return v.Name == again.Control })
		if i < 0 {
			continue
		}
		c := control{Name: again.Name, Of: again.Control, measures: controlMeasures(again), sizes: d.sizes}
		var p []float64
		for _, m := range c.measures {
			for _, conns := range d.sizes {
				if e := d.ratio(m, cell(again, conns), cell(d.variants[i], conns)); e.N > 1 {
					c.comparisons = append(c.comparisons, comparison{measure: m.name, conns: conns, ratio: e})
					p = append(p, e.P)
				}
			}
		}
		for i, differs := range estimate.Holm(p) {
			c.comparisons[i].differs = differs
		}
		if len(p) > 0 {
			found = append(found, c)
		}
	}
	return found
}

// controlMeasures are those that a control is compared by.
func controlMeasures(v record.Variant) []measure {
	return slices.Concat([]measure{cpu}, ofLines(v.Ticker), []measure{span, userMemory, kernelMemory, stormRate, stormP99})
}

// count returns how many of the comparisons are so.
func (c control) count(so func(comparison) bool) int {
	n := 0
	for _, x := range c.comparisons {
		if so(x) {
			n++
		}
	}
	return n
}

// Verdict says what the control shows.
func (c control) Verdict() string {
	total := len(c.comparisons)
	equal := c.count(func(x comparison) bool { return !x.ratio.Excludes(1) })
	differ := c.count(func(x comparison) bool { return x.differs })
	s := fmt.Sprintf("`%s` is `%s` measured again. %d of %d figures show no difference at plain 95 %% intervals (chance alone would make about %s differ). ",
		c.Name, c.Of, equal, total, fixed((1-estimate.Confidence)*float64(total), 1))
	if differ == 0 {
		return s + "Corrected for their number (Holm–Bonferroni), none differs: no measurable difference."
	}
	return s + fmt.Sprintf("Corrected for their number (Holm–Bonferroni), %d of them differ, so differences of that size elsewhere mean nothing.",
		differ)
}

// Table shows a row for each measure: the ratio at each number of clients.
func (c control) Table() *table {
	head := []string{"measure"}
	for _, conns := range c.sizes {
		head = append(head, plural(conns, "client"))
	}
	t := newTable(1, append(head, "verdict")...)
	for _, m := range c.measures {
		row, verdict := []string{m.name}, none
		for _, conns := range c.sizes {
			i := slices.IndexFunc(c.comparisons, func(x comparison) bool { return x.measure == m.name && x.conns == conns })
			if i < 0 {
				row = append(row, none)
				continue
			}
			x := c.comparisons[i]
			switch s := showRatio(x.ratio); {
			case x.differs:
				row = append(row, "**"+s+"**")
				verdict = "differs"
			case x.ratio.Excludes(1):
				row = append(row, "*"+s+"*")
			default:
				row = append(row, s)
			}
			if verdict == none {
				verdict = "no measurable difference"
			}
		}
		t.add(append(row, verdict)...)
	}
	return t
}
