package answer

import (
	"math"

	"clock/bench/plan"
	"clock/bench/slo"
)

// A Chart is a drawing of lines. Places are shares of its width, from the left,
// and of its height, from the bottom.
type Chart struct {
	Title string   `json:"title"`
	Of    string   `json:"of"` // what is drawn upwards, with its unit
	By    string   `json:"by"` // and what along
	Up    []Tick   `json:"up"`
	Along []Tick   `json:"along"`
	Here  *float64 `json:"here,omitempty"` // the target's place along, if it has one
	Lines []Line   `json:"lines"`
}

// A Tick is a place on an axis.
type Tick struct {
	At   float64 `json:"at"`
	Text string  `json:"text"`
}

// A Line is that of a server.
type Line struct {
	Server string  `json:"server"`
	Points []Point `json:"points"`
	Mark   Point   `json:"mark"` // where the plan is
}

// A Point is a place on a chart: along, and up.
type Point [2]float64

// charts draws the plan: what an SLO lets a box hold, and what the clients of a
// box take. There are none if no server can meet the target.
func (e *Explorer) charts(p plan.Plan) ([]Chart, error) {
	if !p.Met() {
		return nil, nil
	}
	capacity, err := e.capacity(p)
	if err != nil {
		return nil, err
	}
	memory := func(m plan.Model, clients float64) float64 { return m.Memory(clients).Mean / (1 << 30) }
	cores := func(m plan.Model, clients float64) float64 { return m.Busy(p.Target, clients).Mean }
	return []Chart{
		capacity,
		e.cost(p, "Memory of a box", "GiB", memory),
		e.cost(p, "Processors of a box", "cores busy", cores),
	}, nil
}

// The SLOs that are drawn, in seconds: these, and on to the target's own.
const (
	tightest = 1e-3
	loosest  = 1
	each     = 12 // for a factor of ten
)

// capacity draws what a box holds by the first bound of the SLO.
func (e *Explorer) capacity(p plan.Plan) (Chart, error) {
	bound := p.Target.SLO[0]
	limit := bound.Limit.Seconds()
	x := decades(min(tightest, limit), max(loosest, limit))
	lines := make([]series, len(p.Rows))
	for i, r := range p.Rows {
		lines[i] = series{server: r.Server, mark: pair{limit, float64(r.Capacity.Best)}}
	}
	for i := range int(math.Round(each*math.Log10(x.to/x.from))) + 1 {
		t := p.Target
		at := x.from * math.Pow(10, float64(i)/each)
		t.SLO = slo.SLO{{Percentile: bound.Percentile, Limit: duration(at)}}
		t.SLO = append(t.SLO, p.Target.SLO[1:]...)
		other, err := plan.Make(e.models, t)
		if err != nil {
			return Chart{}, err
		}
		for k, r := range other.Rows {
			lines[k].points = append(lines[k].points, pair{at, float64(r.Capacity.Best)})
		}
	}
	c := draw(x, lines)
	c.Title = "Capacity of a box"
	c.Of, c.By = "clients of a box", bound.Name()+" at most"
	here := x.place(limit)
	c.Here = &here
	return c, nil
}

// cost draws what clients take, up to the capacity of a box.
func (e *Explorer) cost(p plan.Plan, title, of string, cost func(plan.Model, float64) float64) Chart {
	const steps = 16
	var lines []series
	var most float64
	for i, r := range p.Rows {
		if r.Unmet != "" {
			continue
		}
		at := func(clients float64) pair { return pair{clients, cost(e.models[i], clients)} }
		line := series{server: r.Server, mark: at(float64(r.Clients))}
		for k := range steps + 1 {
			line.points = append(line.points, at(float64(r.Capacity.Best)*float64(k)/steps))
		}
		lines = append(lines, line)
		most = max(most, float64(r.Capacity.Best))
	}
	c := draw(upTo(most), lines)
	c.Title, c.Of, c.By = title, of, "clients of a box, up to its capacity"
	return c
}

// A series is a line in the units of what it shows.
type series struct {
	server string
	points []pair
	mark   pair
}

type pair struct{ x, y float64 }

// draw places the lines, above 0.
func draw(x axis, lines []series) Chart {
	var most float64
	for _, s := range lines {
		most = max(most, s.mark.y)
		for _, p := range s.points {
			most = max(most, p.y)
		}
	}
	y := upTo(most)
	c := Chart{Up: y.ticks, Along: x.ticks}
	place := func(p pair) Point { return Point{x.place(p.x), y.place(p.y)} }
	for _, s := range lines {
		line := Line{Server: s.server, Mark: place(s.mark)}
		for _, p := range s.points {
			line.Points = append(line.Points, place(p))
		}
		c.Lines = append(c.Lines, line)
	}
	return c
}
