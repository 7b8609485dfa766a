package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"clock"
	"clock/bench/estimate"
	"clock/bench/record"
)

// A finding is a sentence or two on one question, with its keyword.
type finding struct{ About, Text string }

// findings are what the data bears out, in the order of the questions that
// people ask. A question that the data cannot answer has no finding.
func (d *data) findings() []finding {
	found := []finding{
		{"The kernel's part", d.floorFinding()},
		{"CPU, shared ticker", d.rank(cpu, "a line costs %s of processor time", d.with(clock.Shared))},
		{"CPU, ticker per connection", d.rank(cpu, "a line costs %s of processor time", d.with(clock.PerConn))},
		{"Memory", d.memoryFinding()},
		{"Lag", d.lagFinding()},
		{"Burst or spread", d.burstFinding()},
		{"Drift", d.driftFinding()},
		{"Reach", d.reachFinding()},
		{"Connect storm", d.rank(stormRate, "when all clients come back at once, %s get their first line", d.compared())},
		{"Stalled readers", d.stalledFinding()},
		{"Capacity", d.capacityFinding()},
	}
	for _, c := range d.controls() {
		found = append(found, finding{"Control", c.Verdict()})
	}
	return slices.DeleteFunc(found, func(f finding) bool { return f.Text == "" })
}

// headline is the number of clients that findings are about unless they say
// otherwise: the largest that was measured, or 0.
func (d *data) headline() int {
	if len(d.sizes) == 0 {
		return 0
	}
	return d.sizes[len(d.sizes)-1]
}

// rank holds servers against the one with the lowest median, for which the
// intro has a place.
func (d *data) rank(m measure, intro string, servers []record.Variant) string {
	conns, group := d.measured(m, servers)
	if len(group) < 2 {
		return ""
	}
	base := slices.MinFunc(group, func(a, b record.Variant) int {
		x, _ := d.median(m, cell(a, conns))
		y, _ := d.median(m, cell(b, conns))
		return cmp.Compare(x, y)
	})
	value, _ := d.median(m, cell(base, conns))
	intro = fmt.Sprintf(intro, m.prose(value)) + " with `" + base.Name + "`"
	return d.against(m, intro, base, group, conns)
}

// measured returns the servers that tell of the measure at one number of
// clients: the largest at which at least two do.
func (d *data) measured(m measure, servers []record.Variant) (conns int, group []record.Variant) {
	for _, conns := range slices.Backward(d.sizes) {
		group := slices.DeleteFunc(slices.Clone(servers), func(v record.Variant) bool { return len(d.values(m, cell(v, conns))) == 0 })
		if len(group) > 1 {
			return conns, group
		}
	}
	return 0, nil
}

// against says how servers compare with a base, whose figure the intro names.
func (d *data) against(m measure, intro string, base record.Variant, servers []record.Variant, conns int) string {
	var c claims
	for _, v := range servers {
		if v.Name != base.Name {
			c.add("with `"+v.Name+"`", d.ratio(m, cell(v, conns), cell(base, conns)))
		}
	}
	if c.empty() {
		return ""
	}
	if conns != d.headline() {
		intro = "with " + plural(conns, "client") + ", " + intro
	}
	if len(c.differ) > 0 {
		return sentence(intro + ", and " + c.text("times that"))
	}
	return sentence(intro + "; " + c.text(""))
}

// claims sort comparisons by what can be claimed.
type claims struct{ differ, slight, equal, unknown []string }

const (
	// slight is a difference that is certain and does not matter.
	slight = 0.02
	// vague is an interval that is too wide to call two servers alike: its ends
	// differ by this factor.
	vague = 2
)

func (c *claims) add(name string, e estimate.Mean) {
	format := ratioFormat(e)
	figures := fmt.Sprintf("%s (%s, %s–%s)", name, format(e.Mean), format(e.Low), format(e.High))
	switch {
	case e.N == 0:
	case e.N == 1:
		c.unknown = append(c.unknown, name)
	case !e.Excludes(1) && e.High > vague*e.Low:
		c.unknown = append(c.unknown, figures)
	case !e.Excludes(1):
		c.equal = append(c.equal, figures)
	case e.Low > 1-slight && e.High < 1+slight:
		c.slight = append(c.slight, figures)
	default:
		c.differ = append(c.differ, showRatio(e)+" %s"+name)
	}
}

// empty reports whether nothing can be said of any server.
func (c *claims) empty() bool { return len(c.differ)+len(c.slight)+len(c.equal) == 0 }

// text is the claims in words, the differences first. Times is what the first
// ratio is followed by, such as "times that".
func (c *claims) text(times string) string {
	var parts []string
	for i, s := range c.differ {
		if i == 0 {
			s = fmt.Sprintf(s, times+" ")
		} else {
			s = fmt.Sprintf(s, "")
		}
		parts = append(parts, s)
	}
	var texts []string
	if len(parts) > 0 {
		texts = append(texts, list(parts))
	}
	for _, more := range []struct {
		intro string
		names []string
	}{
		{"a difference of less than " + showPercent(slight) + " ", c.slight},
		{"no measurable difference ", c.equal},
		{"too few or too unlike rounds to tell ", c.unknown},
	} {
		if len(more.names) > 0 {
			texts = append(texts, more.intro+list(more.names))
		}
	}
	return strings.Join(texts, "; ")
}

// sentence begins with a capital letter and ends with a full stop.
func sentence(s string) string { return strings.ToUpper(s[:1]) + s[1:] + "." }
