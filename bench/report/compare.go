package report

import (
	"cmp"
	"fmt"
	"slices"

	"clock"
	"clock/bench/estimate"
	"clock/bench/record"
)

// engines compares the servers that have the same ticker, tickers those that
// have the same engine: who costs what.
func (d *data) engines() []section {
	var sections []section
	for _, ticker := range []clock.TickerKind{clock.Shared, clock.PerConn} {
		t := d.ratios(pairs(d.with(ticker)), ofLines(ticker))
		if t.String() != "" {
			sections = append(sections, section{fmt.Sprintf("Servers with a %s ticker", ticker), t})
		}
	}
	return sections
}

func (d *data) tickers() *table { return d.ratios(d.sameEngine(), []measure{jitterP50, jitterP99}) }

// A pair is two servers that are compared.
type pair struct{ a, b record.Variant }

// pairs returns each pair of the variants once.
func pairs(variants []record.Variant) []pair {
	var found []pair
	for i, b := range variants {
		for _, a := range variants[i+1:] {
			found = append(found, pair{a, b})
		}
	}
	return found
}

// sameEngine returns the pairs of one engine with a shared ticker and with one
// per connection.
func (d *data) sameEngine() []pair {
	var found []pair
	for _, a := range d.with(clock.Shared) {
		for _, b := range d.with(clock.PerConn) {
			if a.Engine == b.Engine && a.Engine != "" {
				found = append(found, pair{a, b})
			}
		}
	}
	return found
}

// ratios is the table that compares pairs by their cost, by measures of their
// lines, and by how fast clients connect.
func (d *data) ratios(pairs []pair, lines []measure) *table {
	measures := slices.Concat([]measure{cpu, userMemory, kernelMemory}, lines, []measure{stormRate})
	head := []string{"compared", "clients"}
	for _, m := range measures {
		head = append(head, m.name)
	}
	t := newTable(2, head...)
	for _, p := range pairs {
		for _, conns := range d.sizes {
			row := []string{p.a.Name + " ÷ " + p.b.Name, integer(conns)}
			for _, m := range measures {
				row = append(row, mark(d.ratio(m, cell(p.a, conns), cell(p.b, conns))))
			}
			t.add(row...)
		}
	}
	return t
}

// mark shows a ratio, in bold where a difference was measured.
func mark(e estimate.Mean) string {
	if e.Excludes(1) {
		return "**" + showRatio(e) + "**"
	}
	return showRatio(e)
}

// stalled compares cells in which clients never read with those in which all do.
func (d *data) stalled() *table {
	t := newTable(3, "server", "clients", "stalled", "lag p50", "lag p99", "jitter p99", cpu.name, userMemory.name, kernelMemory.name, "reach")
	for _, c := range d.stalledCells() {
		healthy := record.Cell{Variant: c.Variant, Conns: c.Conns}
		row := []string{c.Variant, integer(c.Conns), showPercent(c.Stalled)}
		for _, m := range []measure{lagP50, lagP99, jitterP99, cpu, userMemory, kernelMemory} {
			row = append(row, mark(d.ratio(m, c, healthy)))
		}
		t.add(append(row, showReach(d.runs[c]))...)
	}
	return t
}

// stalledCells returns the measured cells with stalled clients: by variant, then
// by clients and their share.
func (d *data) stalledCells() []record.Cell {
	var cells []record.Cell
	for _, v := range d.variants {
		var own []record.Cell
		for _, c := range d.plan.Cells {
			if c.Variant == v.Name && c.Stalled > 0 && len(d.runs[c]) > 0 {
				own = append(own, c)
			}
		}
		slices.SortStableFunc(own, compareLoad)
		cells = append(cells, own...)
	}
	return cells
}

// compareLoad orders cells by clients, then by the share of them that stall.
func compareLoad(a, b record.Cell) int {
	return cmp.Or(cmp.Compare(a.Conns, b.Conns), cmp.Compare(a.Stalled, b.Stalled))
}
