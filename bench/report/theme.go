package report

import (
	"bytes"
	"cmp"
	"fmt"
	"image/color"
	"regexp"
	"slices"
	"strings"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"clock"
	"clock/bench/record"
)

// A shade is a colour as light pages show it, and its stand-in on dark ones.
type shade struct{ light, dark string }

var (
	paper = shade{"#FFFFFF", "#0D1117"}
	ink   = shade{"#24292F", "#E6EDF3"}
	grid  = shade{"#D8DEE4", "#30363D"}
	grey  = shade{"#57606A", "#9DA7B1"} // of the floor

	// hues are the colours of the engines, in the plan's order. The first ones
	// differ most, also to the colour-blind.
	hues = []shade{
		{"#0072B2", "#58A6FF"}, // blue
		{"#C04F00", "#FF9B50"}, // orange
		{"#00795A", "#2BCB9A"}, // green
		{"#A33B7F", "#F08BC4"}, // purple
		{"#7A6A00", "#E3C341"}, // yellow
	}
)

// color returns the colour to draw with: that of the light page, which the style
// sheet of a chart exchanges on a dark one.
func (s shade) color() color.Color {
	var c color.NRGBA
	if _, err := fmt.Sscanf(s.light, "#%02X%02X%02X", &c.R, &c.G, &c.B); err != nil {
		panic(err) // the table above is wrong
	}
	c.A = 0xFF
	return c
}

// A pen is how a server is drawn: colour and shape are those of its engine,
// dashes and hollow shapes mean a ticker per connection. So nothing is told by
// colour alone.
type pen struct {
	shade  shade
	dashes []vg.Length
	shape  draw.GlyphDrawer
}

// shapes are those of the engines, in the plan's order: filled, and hollow.
var shapes = []struct{ filled, hollow draw.GlyphDrawer }{
	{draw.CircleGlyph{}, draw.RingGlyph{}},
	{draw.BoxGlyph{}, draw.SquareGlyph{}},
	{draw.PyramidGlyph{}, draw.TriangleGlyph{}},
}

// pens returns the pens of the floor and of the compared servers, by name.
func (d *data) pens() map[string]pen {
	pens := map[string]pen{record.FloorName: {grey, []vg.Length{1.5, 2.5}, draw.PlusGlyph{}}}
	var engines []string // a server without one is its own
	for _, v := range d.compared() {
		engine := cmp.Or(v.Engine, v.Name)
		n := slices.Index(engines, engine)
		if n < 0 {
			n = len(engines)
			engines = append(engines, engine)
		}
		shape := shapes[n%len(shapes)]
		if v.Ticker == clock.PerConn {
			pens[v.Name] = pen{hues[n%len(hues)], []vg.Length{6, 3}, shape.hollow}
		} else {
			pens[v.Name] = pen{hues[n%len(hues)], nil, shape.filled}
		}
	}
	return pens
}

// fontDescription is what the canvas says of the font of every text.
var fontDescription = regexp.MustCompile(`font-family:[^"]*?font-style:normal;?`)

// dress finishes a drawing: it gives it a title, a font that every system has,
// and colours that follow the reader's preference. Where a viewer knows no such
// preference, or no style sheets, it stays the light drawing on its own paper.
func dress(svg []byte, title string) []byte {
	svg = fontDescription.ReplaceAll(svg, nil)
	open := bytes.Index(svg, []byte("<svg"))
	end := open + bytes.IndexByte(svg[open:], '>') + 1

	var head strings.Builder
	fmt.Fprintf(&head, "\n<title>%s</title>\n<style>\ntext{font-family:Helvetica,Arial,sans-serif}\n@media (prefers-color-scheme:dark){\n", title)
	for _, s := range append([]shade{paper, ink, grid, grey}, hues...) {
		for _, property := range []string{"fill", "stroke"} {
			if used := property + ":" + s.light; bytes.Contains(svg, []byte(used)) {
				fmt.Fprintf(&head, "[style*=\"%s\"]{%s:%s!important}\n", used, property, s.dark)
			}
		}
	}
	head.WriteString("}\n</style>")
	return bytes.Join([][]byte{svg[:end], []byte(head.String()), svg[end:]}, nil)
}
