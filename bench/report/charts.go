package report

import (
	"math"
	"path"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"

	"clock"
	"clock/bench/load"
	"clock/bench/record"
)

// charts are those that the data suffices for, to be put into a directory.
func (d *data) charts(dir string) []Chart {
	var charts []Chart
	add := func(file, alt string, panels ...panel) {
		for _, p := range panels {
			if len(p.series) == 0 {
				return
			}
		}
		charts = append(charts, Chart{Path: path.Join(dir, file), Alt: alt, SVG: render(alt, panels...)})
	}
	clients := plural(d.headline(), "client")
	lag := d.overSizes(lagP99)
	lag.logY = true
	add("lag.svg", "p99 of the lag against the number of clients", lag)
	add("cpu.svg", "CPU per line against the number of clients", d.overSizes(cpu))
	user, kernel := d.overSizes(userMemory), d.overSizes(kernelMemory)
	user.title, kernel.title = "the server's own", "the kernel's"
	user.y, kernel.y = "memory per client (kB)", ""
	if len(kernel.series) > 0 {
		add("memory.svg", "memory per client against the number of clients: the server's own, and the kernel's", user, kernel)
	} else {
		add("memory.svg", "the server's memory per client against the number of clients", user)
	}
	add("lag-percentiles.svg", "percentiles of the lag with a shared ticker and "+clients,
		d.percentiles("lag (ms)", clock.Shared, func(r record.Run) *load.Histogram { return r.Load.Lag }))
	add("jitter-percentiles.svg", "percentiles of the jitter with a ticker per connection and "+clients,
		d.percentiles("jitter (ms)", clock.PerConn, func(r record.Run) *load.Histogram { return r.Load.Jitter }))
	return charts
}

// drawn are the servers that charts show: not the controls.
func (d *data) drawn() []record.Variant {
	return d.where(func(v record.Variant) bool { return v.Control == "" })
}

// overSizes draws the medians of a measure against the number of clients.
func (d *data) overSizes(m measure) panel {
	p := panel{x: "clients", y: m.header(), logX: true, xTicks: d.sizeTicks()}
	pens := d.pens()
	for _, v := range d.drawn() {
		var points plotter.XYs
		for _, conns := range d.sizes {
			if y, known := d.median(m, cell(v, conns)); known && y > 0 { // there is no logarithm of 0
				points = append(points, plotter.XY{X: float64(conns), Y: y / m.unit.size})
			}
		}
		if len(points) > 0 {
			p.series = append(p.series, series{name: v.Name, pen: pens[v.Name], line: points, marks: points})
		}
	}
	return p
}

// sizeTicks has a tick at each number of clients, and labels at those that have
// room for one, the largest first.
func (d *data) sizeTicks() []plot.Tick {
	const room = 0.18 // of the axis
	var ticks []plot.Tick
	if len(d.sizes) == 0 {
		return nil
	}
	width := math.Log(float64(d.headline())/float64(d.sizes[0])) + 2*math.Log(1.2)
	last := math.Inf(1)
	for i := len(d.sizes) - 1; i >= 0; i-- {
		tick := plot.Tick{Value: float64(d.sizes[i])}
		if at := math.Log(tick.Value) / width; last-at > room {
			tick.Label, last = integer(d.sizes[i]), at
		}
		ticks = append(ticks, tick)
	}
	return ticks
}

// percentiles draws what share of the lines stay below a lag or a jitter, over
// all rounds with the most clients. The axis stretches the tail: at each mark
// a tenth of the lines of the mark before are left.
func (d *data) percentiles(y string, ticker clock.TickerKind, of func(record.Run) *load.Histogram) panel {
	const (
		step  = 0.05 // in powers of ten; the first percentile drawn is the 11th
		tails = 5    // to the 99.999th
	)
	p := panel{x: "percentile", y: y, logY: true}
	pens := d.pens()
	end := 0.0
	for _, v := range d.drawn() {
		if v.Ticker != ticker {
			continue
		}
		all := load.NewHistogram()
		for _, r := range d.runs[cell(v, d.headline())] {
			if h := of(r); h.Count() > 0 {
				all.Merge(h)
			}
		}
		s := series{name: v.Name, pen: pens[v.Name]}
		for i := 1; float64(i)*step <= min(tails, math.Log10(float64(all.Count()))); i++ {
			tail := float64(i) * step
			at := plotter.XY{X: tail, Y: all.Percentile(100-100*math.Pow(10, -tail)).Seconds() / milliseconds.size}
			if at.Y <= 0 { // there is no logarithm of 0
				continue
			}
			s.line = append(s.line, at)
			if i%int(1/step) == 0 {
				s.marks = append(s.marks, at)
			}
			end = max(end, tail)
		}
		if len(s.line) > 1 {
			p.series = append(p.series, s)
		}
	}
	p.xTicks = []plot.Tick{{Value: -math.Log10(0.5), Label: "50"}}
	for tail := 1; float64(tail) <= end; tail++ {
		label := strings.Repeat("9", tail)
		if tail > 2 {
			label = label[:2] + "." + label[2:]
		}
		if tail == 1 {
			label = "90"
		}
		p.xTicks = append(p.xTicks, plot.Tick{Value: float64(tail), Label: label})
	}
	return p
}
