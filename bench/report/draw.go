package report

import (
	"bytes"
	"math"
	"strconv"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgsvg"
)

// The measures of a chart, in points.
const (
	chartWidth  = 640
	chartHeight = 300
	margin      = 8
	textSize    = 10
)

// A series is what a chart shows of one server.
type series struct {
	name  string
	pen   pen
	line  plotter.XYs
	marks plotter.XYs // where the line has its marker
}

// A panel is one pair of axes.
type panel struct {
	title, x, y string
	xTicks      []plot.Tick
	logX, logY  bool
	series      []series
}

// render draws the panels side by side, with the same scale upwards and one
// legend.
func render(title string, panels ...panel) []byte {
	canvas := vgsvg.New(chartWidth, chartHeight)
	all := draw.New(canvas)
	all.SetColor(paper.color())
	all.Fill(all.Rectangle.Path())

	low, high := math.Inf(1), 0.0
	legend := plot.NewLegend()
	legend.Top, legend.Left, legend.ThumbnailWidth, legend.Padding = true, true, 28, 4
	write(&legend.TextStyle)
	explained := map[string]bool{}
	for _, p := range panels {
		for _, s := range p.series {
			for _, at := range s.line {
				low, high = min(low, at.Y), max(high, at.Y)
			}
			if !explained[s.name] {
				line, marks := s.draw()
				legend.Add(s.name, line, marks)
				explained[s.name] = true
			}
		}
	}

	right := legend.Rectangle(all).Size().X + 2*margin
	area := draw.Crop(all, margin, -right+margin, margin, -margin)
	width := area.Size().X / vg.Length(len(panels))
	for i, p := range panels {
		left := width * vg.Length(i)
		p.plot(low, high).Draw(draw.Crop(area, left, left+width-area.Size().X-margin, 0, 0))
	}
	legend.Draw(draw.Crop(all, chartWidth-right+margin, -margin, margin, -margin))

	var b bytes.Buffer
	if _, err := canvas.WriteTo(&b); err != nil {
		panic(err) // a buffer takes everything
	}
	return dress(b.Bytes(), title)
}

// plot makes the panel's plot. Low and high are the least and the greatest
// value of all panels.
func (p panel) plot(low, high float64) *plot.Plot {
	axes := plot.New()
	axes.BackgroundColor = nil
	axes.Title.Text, axes.X.Label.Text, axes.Y.Label.Text = p.title, p.x, p.y
	axes.Title.Padding = 6
	axes.X.Label.Padding, axes.Y.Label.Padding = 4, 4
	write(&axes.Title.TextStyle, &axes.X.Label.TextStyle, &axes.Y.Label.TextStyle, &axes.X.Tick.Label, &axes.Y.Tick.Label)
	for _, s := range []*draw.LineStyle{&axes.X.LineStyle, &axes.Y.LineStyle, &axes.X.Tick.LineStyle, &axes.Y.Tick.LineStyle} {
		s.Color = ink.color()
	}
	lines := plotter.NewGrid()
	lines.Vertical.Color, lines.Horizontal.Color, lines.Horizontal.Width = nil, grid.color(), 0.5
	axes.Add(lines)
	for _, s := range p.series {
		line, marks := s.draw()
		axes.Add(line, marks)
	}

	axes.X.Tick.Marker = plot.ConstantTicks(p.xTicks)
	axes.X.Padding, axes.Y.Padding = 0, 0
	if p.logX {
		axes.X.Scale = plot.LogScale{}
		axes.X.Min, axes.X.Max = axes.X.Min/1.2, axes.X.Max*1.2
	}
	if p.logY {
		axes.Y.Scale, axes.Y.Tick.Marker = plot.LogScale{}, decades{}
		axes.Y.Min, axes.Y.Max = low/1.3, high*1.3
	} else {
		axes.Y.Min, axes.Y.Max = 0, high*1.08
	}
	return axes
}

// write sets the font and the colour of texts. The font comes with gonum, so
// that texts take the same room everywhere.
func write(styles ...*text.Style) {
	for _, s := range styles {
		s.Color = ink.color()
		s.Font = font.From(font.Font{Typeface: "Liberation", Variant: "Sans"}, textSize)
	}
}

// draw returns the line and the markers of a series.
func (s series) draw() (*plotter.Line, markers) {
	line := &plotter.Line{XYs: s.line, LineStyle: draw.LineStyle{Color: s.pen.shade.color(), Width: 1.5, Dashes: s.pen.dashes}}
	marks := &plotter.Scatter{XYs: s.marks, GlyphStyle: draw.GlyphStyle{Color: s.pen.shade.color(), Radius: 3, Shape: s.pen.shape}}
	return line, markers{marks}
}

// markers may overlap the axes. If they made room for themselves, panels side
// by side would not have the same scale.
type markers struct{ *plotter.Scatter }

func (markers) GlyphBoxes(*plot.Plot) []plot.GlyphBox { return nil }

// decades are ticks at 1, 2 and 5 times the powers of ten; over a wide range
// only the powers have labels.
type decades struct{}

func (decades) Ticks(low, high float64) []plot.Tick {
	var ticks []plot.Tick
	for power := math.Floor(math.Log10(low)); power <= math.Ceil(math.Log10(high)); power++ {
		for _, factor := range []float64{1, 2, 5} {
			value := factor * math.Pow(10, power)
			if value < low || value > high {
				continue
			}
			label := strconv.FormatFloat(value, 'g', 3, 64)
			if factor > 1 && high > 1000*low {
				label = ""
			}
			ticks = append(ticks, plot.Tick{Value: value, Label: label})
		}
	}
	return ticks
}
