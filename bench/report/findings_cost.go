package report

import (
	"fmt"
	"slices"
	"strings"

	"clock"
	"clock/bench/record"
)

// floorFinding says how much of a line's cost is the kernel's.
func (d *data) floorFinding() string {
	floors := d.where(isFloor)
	if len(floors) == 0 {
		return ""
	}
	conns, group := d.measured(cpu, append(floors, d.compared()...))
	if len(group) == 0 || !isFloor(group[0]) {
		return ""
	}
	value, _ := d.median(cpu, cell(group[0], conns))
	intro := fmt.Sprintf("a line costs %s of processor time with the floor, a bare loop of send(2)", cpu.prose(value))
	return d.against(cpu, intro, group[0], group, conns)
}

func (d *data) memoryFinding() string {
	text := d.rank(userMemory, "a client costs %s of the server's own memory", d.compared())
	var kernel []float64
	for _, v := range d.variants {
		if m, known := d.median(kernelMemory, cell(v, d.headline())); known {
			kernel = append(kernel, m)
		}
	}
	if text == "" || len(kernel) == 0 {
		return text
	}
	low, high := showBytes(slices.Min(kernel)), showBytes(slices.Max(kernel))
	if low == high {
		return text + fmt.Sprintf(" The kernel keeps %s more for each.", low)
	}
	return text + fmt.Sprintf(" The kernel keeps %s to %s more for each.", low, high)
}

// lagFinding also says how the lag grows with the number of clients.
func (d *data) lagFinding() string {
	text := d.rank(lagP99, "the p99 of the lag is %s", d.with(clock.Shared))
	if text == "" || len(d.sizes) < 2 {
		return text
	}
	var parts []string
	for _, v := range d.with(clock.Shared) {
		few, knownFew := d.median(lagP99, cell(v, d.sizes[0]))
		many, knownMany := d.median(lagP99, cell(v, d.headline()))
		if knownFew && knownMany {
			parts = append(parts, fmt.Sprintf("from %s to %s with `%s`", showTime(few), showTime(many), v.Name))
		}
	}
	if len(parts) == 0 {
		return text
	}
	return text + fmt.Sprintf(" From %s to %s clients it goes %s.", integer(d.sizes[0]), integer(d.headline()), list(parts))
}

// burstFinding holds the shared ticker, which sends to all at once, against the
// one per connection, which spreads the load.
func (d *data) burstFinding() string {
	conns := d.headline()
	var last, jitter []string
	for _, v := range d.with(clock.Shared) {
		if s, known := d.median(span, cell(v, conns)); known {
			last = append(last, fmt.Sprintf("%s (`%s`)", showTime(s), v.Name))
		}
	}
	for _, p := range d.sameEngine() {
		e := d.ratio(jitterP99, cell(p.b, conns), cell(p.a, conns))
		switch {
		case e.N < 2:
		case e.Excludes(1):
			jitter = append(jitter, fmt.Sprintf("%s times that of `%s` with `%s`", showRatio(e), p.a.Name, p.b.Name))
		default:
			jitter = append(jitter, fmt.Sprintf("not measurably different from `%s` with `%s`", p.a.Name, p.b.Name))
		}
	}
	var texts []string
	if len(last) > 0 {
		texts = append(texts, fmt.Sprintf("A shared ticker sends to all at once, so the last of %s has its line %s after the first.", plural(conns, "client"), list(last)))
	}
	if len(jitter) > 0 {
		texts = append(texts, fmt.Sprintf("A ticker per connection spreads them: the p99 of the jitter is %s.", list(jitter)))
	}
	return strings.Join(texts, " ")
}

// stalledFinding says what clients that never read cost the others, in the
// cells with the most clients and the greatest share of them stalled.
func (d *data) stalledFinding() string {
	cells := d.stalledCells()
	if len(cells) == 0 {
		return ""
	}
	worst := slices.MaxFunc(cells, compareLoad)
	var c claims
	for _, v := range d.compared() {
		stalled := record.Cell{Variant: v.Name, Conns: worst.Conns, Stalled: worst.Stalled}
		c.add("with `"+v.Name+"`", d.ratio(judgedP99(v.Ticker), stalled, cell(v, worst.Conns)))
	}
	if c.empty() {
		return ""
	}
	intro := fmt.Sprintf("when %s of %s never read, the p99 of the others' lag (of their jitter with a ticker per connection) against that with all reading: ",
		showPercent(worst.Stalled), plural(worst.Conns, "client"))
	return sentence(intro + c.text("times as much"))
}
