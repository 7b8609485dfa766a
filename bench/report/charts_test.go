package report_test

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"regexp"
	"slices"
	"strings"
	"testing"

	"clock/bench/record"
	"clock/bench/report"
)

func TestChartsAreSmallDrawingsWithText(t *testing.T) {
	r := render(t, ours().set())
	for file, words := range map[string][]string{
		"lag.svg":                {"lag p99 (ms)", "clients", "16,000", "floor", "gnet/shared"},
		"cpu.svg":                {"CPU per line (µs)", "clients", "1,000", "floor", "goroutine/per-conn"},
		"memory.svg":             {"memory per client (kB)", "the server's own", "the kernel's", "gnet/per-conn"},
		"lag-percentiles.svg":    {"lag (ms)", "percentile", "99.9", "goroutine/shared"},
		"jitter-percentiles.svg": {"jitter (ms)", "percentile", "50", "goroutine/per-conn"},
	} {
		t.Run(file, func(t *testing.T) {
			i := slices.IndexFunc(r.Charts, func(c report.Chart) bool { return c.Path == "RESULTS.md.charts/"+file })
			if i < 0 {
				t.Fatal("there is no such chart")
			}
			svg := r.Charts[i].SVG
			texts := textsOf(t, svg)
			for _, word := range words {
				if !slices.Contains(texts, word) {
					t.Errorf("the chart has the texts %q and not %q", texts, word)
				}
			}
			if slices.Contains(texts, "gnet/shared again") {
				t.Error("the chart shows the control")
			}
			if len(svg) > 20_000 {
				t.Errorf("the chart has %d bytes", len(svg))
			}
			if bytes.Contains(svg, []byte("Liberation")) {
				t.Error("the chart asks for a font that readers may not have")
			}
			if !bytes.Contains(r.Markdown, []byte("]("+r.Charts[i].Path+")")) {
				t.Error("the report does not show the chart")
			}
		})
	}
}

// Each colour that a chart draws with has another one on a dark page.
func TestChartsHaveADarkSide(t *testing.T) {
	rule := regexp.MustCompile(`\[style\*="((?:fill|stroke):#[0-9A-F]{6})"\]\{(?:fill|stroke):(#[0-9A-F]{6})!important\}`)
	used := regexp.MustCompile(`(?:fill|stroke):#[0-9A-F]{6}`)
	for _, c := range render(t, ours().set()).Charts {
		head, drawing, found := strings.Cut(string(c.SVG), "</style>")
		if !found || !strings.Contains(head, "prefers-color-scheme:dark") {
			t.Fatalf("%s has no style sheet for dark pages", c.Path)
		}
		dark := map[string]string{}
		for _, m := range rule.FindAllStringSubmatch(head, -1) {
			dark[m[1]] = m[2]
		}
		for _, paint := range used.FindAllString(drawing, -1) {
			if other := dark[paint]; other == "" || strings.HasSuffix(paint, other) {
				t.Errorf("%s paints %s, and on dark pages %q", c.Path, paint, other)
			}
		}
		if strings.Contains(drawing, "#000000") || regexp.MustCompile(`<text[^>]*style="[^"]*px"`).MatchString(drawing) {
			t.Errorf("%s has plain black, which a dark page hides", c.Path)
		}
	}
}

func TestTheLegendNamesTheServersOfEitherPanel(t *testing.T) {
	c := ours()
	c.change = func(r *record.Run) {
		if r.Variant == record.FloorName {
			r.KernelMemory = 0 // it is not known
		}
	}
	for _, chart := range render(t, c.set()).Charts {
		if chart.Path == "bench/results/memory.svg" && !slices.Contains(textsOf(t, chart.SVG), record.FloorName) {
			t.Error("the floor is drawn, and not in the legend")
		}
	}
}

// textsOf returns the texts of a drawing, which has to be well-formed.
func textsOf(t *testing.T, svg []byte) []string {
	t.Helper()
	var texts []string
	in := xml.NewDecoder(bytes.NewReader(svg))
	inText := false
	for {
		token, err := in.Token()
		if errors.Is(err, io.EOF) {
			return texts
		}
		if err != nil {
			t.Fatal(err)
		}
		switch x := token.(type) {
		case xml.StartElement:
			inText = x.Name.Local == "text"
		case xml.EndElement:
			inText = false
		case xml.CharData:
			if inText {
				texts = append(texts, string(x))
			}
		}
	}
}
