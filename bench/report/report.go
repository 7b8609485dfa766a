// Package report renders a comparison: RESULTS.md and its charts, from the
// files that clockbench compare wrote.
//
// All of it is computed from the data, and the same data gives the same bytes,
// whenever and wherever it is rendered; so a test can render it again and
// compare. A sentence that the data does not bear out is not written.
package report

import (
	_ "embed"
	"errors"
	"fmt"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"text/template"

	"clock/bench/record"
)

// A Source is a file of raw data: of a comparison, or of searches.
type Source struct {
	Path     string          // as the report links it: relative to the report, with slashes
	Set      *record.Set     // nil if the file is one of searches
	Searches []record.Search // for capacities
}

// A Report is what the data says.
type Report struct {
	Markdown []byte
	Charts   []Chart
}

// A Chart is a drawing that the report shows. It is legible on a light and on
// a dark page, and takes after the reader's preference where that is known.
type Chart struct {
	Path string // relative to the report, with slashes
	Alt  string // what is drawn, for those who cannot see it
	SVG  []byte
}

// Link returns the path as a link has it, whatever characters it has.
func (c Chart) Link() string { return (&url.URL{Path: c.Path}).String() }

// chartsOf returns the directory of the charts of a report, beside it: no two
// reports have the same.
func chartsOf(name string) string { return name + ".charts" }

// Stdout stands for standard output in place of a report's path. Such a report
// has no charts.
const Stdout = "-"

// Render reads the files at paths, in any order, and returns the report that
// [Write] would write to out.
func Render(out string, paths []string) (*Report, error) {
	dir, err := filepath.Abs(filepath.Dir(out))
	if err != nil {
		return nil, err
	}
	var sources []Source
	for _, p := range paths {
		source, err := read(p)
		if err != nil {
			return nil, err
		}
		abs, err := filepath.Abs(p)
		if err != nil {
			return nil, err
		}
		link, err := filepath.Rel(dir, abs)
		if err != nil {
			return nil, fmt.Errorf("%s cannot be linked from %s: write the report near the data: %w", p, out, err)
		}
		source.Path = filepath.ToSlash(link)
		if !slices.ContainsFunc(sources, func(s Source) bool { return s.Path == source.Path }) { // given twice
			sources = append(sources, source)
		}
	}
	slices.SortFunc(sources, func(a, b Source) int { return strings.Compare(a.Path, b.Path) })
	return New(filepath.Base(out), sources)
}

// read reads a file of either kind.
func read(path string) (s Source, err error) {
	searches, err := record.HasSearches(path)
	switch {
	case err != nil:
	case searches:
		s.Searches, err = record.ReadSearches(path)
	default:
		s.Set, err = record.ReadFile(path)
	}
	return s, err
}

//go:embed results.md.tmpl
var results string

// New makes the report of a comparison, and of searches on the same machine.
// Name is that of the report's file, or Stdout.
func New(name string, sources []Source) (*Report, error) {
	var sets []*record.Set
	for _, s := range sources {
		if s.Set != nil {
			sets = append(sets, s.Set)
		}
	}
	set, err := record.Merge(sets...)
	if err != nil {
		return nil, err
	}
	if len(set.Runs) == 0 {
		return nil, errors.New("no runs in the data: measure first, with clockbench compare")
	}
	if err := sameMachine(set, sources); err != nil {
		return nil, err
	}
	d := newData(set, sources)
	plans, assumptions := d.plans()
	var charts []Chart
	if name != Stdout {
		charts = d.charts(chartsOf(name))
	}

	t, err := template.New(name).Parse(results)
	if err != nil {
		return nil, err
	}
	var b strings.Builder
	err = t.Execute(&b, map[string]any{
		"Summary":      d.summary(),
		"Short":        d.short(),
		"Findings":     d.findings(),
		"Missing":      d.missing(),
		"Figures":      d.figures(),
		"Charts":       charts,
		"Controls":     d.controls(),
		"Engines":      d.engines(),
		"Tickers":      d.tickers(),
		"Connecting":   d.connecting(),
		"Stalled":      d.stalled(),
		"Capacities":   d.capacities(),
		"Predicted":    d.predictedWell(),
		"Validated":    d.validated(),
		"Validation":   d.validationTable(),
		"Plans":        plans,
		"Target":       d.describeTarget(),
		"Assumptions":  assumptions,
		"Faults":       d.faults(),
		"Drift":        d.drift(),
		"Fairness":     d.fairness(),
		"Method":       d.method(),
		"Servers":      d.servers(),
		"Environment":  d.environment(),
		"Limits":       d.limits(),
		"Inconclusive": d.inconclusiveRuns(),
		"Commands":     d.commands(name),
	})
	if err != nil {
		return nil, err
	}
	return &Report{Markdown: []byte(b.String()), Charts: charts}, nil
}

// sameMachine returns an error if searches were made on another machine than
// the comparison was measured on. Another build is none: what was found is held
// against a model, and both are shown.
func sameMachine(set *record.Set, sources []Source) error {
	for _, source := range sources {
		for _, s := range source.Searches {
			if s.Env.CPU != set.Env.CPU || s.Env.Kernel != set.Env.Kernel {
				return fmt.Errorf("%s has searches on another machine (%s, %s) than the comparison (%s, %s): report them apart",
					source.Path, s.Env.CPU, s.Env.Kernel, set.Env.CPU, set.Env.Kernel)
			}
		}
	}
	return nil
}
