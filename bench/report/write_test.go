package report_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"clock/bench/record"
	"clock/bench/report"
)

func TestWritePutsTheChartsBesideTheReport(t *testing.T) {
	dir := t.TempDir()
	out := filepath.Join(dir, "RESULTS.md")
	first, second := ours(), ours()
	first.rounds, second.rounds = 2, 3
	a := save(t, filepath.Join(dir, "bench", "results", "a.jsonl"), first.set())
	b := save(t, filepath.Join(dir, "elsewhere", "b.jsonl"), second.set())

	written, err := report.Write(t.Context(), out, []string{b, a})
	if err != nil {
		t.Fatal(err)
	}
	if len(written) != 6 || written[5] != out || !slices.Contains(written, filepath.Join(dir, "RESULTS.md.charts", "lag.svg")) {
		t.Errorf("wrote %v, want the report, and charts beside it", written)
	}
	text, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range []string{"](RESULTS.md.charts/lag.svg)", "report -o RESULTS.md bench/results/a.jsonl elsewhere/b.jsonl\n"} {
		if !strings.Contains(string(text), s) {
			t.Errorf("the report lacks %q", s)
		}
	}

	again, err := report.Render(out, []string{a, b})
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(again.Markdown, text) {
		t.Error("files in another order give another report")
	}
}

func TestEachReportHasItsOwnCharts(t *testing.T) {
	dir := t.TempDir()
	small, large := ours(), ours()
	small.sizes, large.sizes = []int{1000}, []int{2000}
	before := map[string][]byte{}
	for name, c := range map[string]comparison{"A.md": small, "B.md": large, "A (old) #1%.md": large} {
		data := save(t, filepath.Join(dir, "the data.jsonl"), c.set())
		out := filepath.Join(dir, name)
		if _, err := report.Write(t.Context(), out, []string{data}); err != nil {
			t.Fatal(err)
		}
		text, err := os.ReadFile(out)
		if err != nil {
			t.Fatal(err)
		}
		links := regexp.MustCompile(`]\(([^ ()]+)\)`).FindAllSubmatch(text, -1)
		charts := 0
		for _, link := range links {
			address, err := url.Parse(string(link[1]))
			if err != nil || address.Scheme != "" || address.Fragment != "" || filepath.Ext(address.Path) != ".svg" {
				continue
			}
			charts++
			path := filepath.Join(dir, filepath.FromSlash(address.Path))
			svg, err := os.ReadFile(path)
			if err != nil || before[path] != nil {
				t.Errorf("%s shows %s: %v, another's: %t", name, path, err, before[path] != nil)
			}
			before[path] = svg
		}
		if charts != 5 {
			t.Errorf("%s shows %d charts, want 5:\n%s", name, charts, links)
		}
		if !strings.Contains(string(text), "'the data.jsonl'\n") {
			t.Errorf("%s does not quote the name of the data", name)
		}
	}
	for path, svg := range before {
		if after, err := os.ReadFile(path); err != nil || !bytes.Equal(after, svg) {
			t.Errorf("%s is another one after the next report: %v", path, err)
		}
	}
}

func TestNoReportIsWrittenOverItsData(t *testing.T) {
	dir := t.TempDir()
	a := save(t, filepath.Join(dir, "a.jsonl"), ours().set())
	want, err := os.ReadFile(a)
	if err != nil {
		t.Fatal(err)
	}
	soft, hard := filepath.Join(dir, "soft"), filepath.Join(dir, "hard")
	if err := errors.Join(os.Symlink(a, soft), os.Link(a, hard)); err != nil {
		t.Fatal(err)
	}
	charts := filepath.Join(dir, "R.md.charts")
	if err := errors.Join(os.Mkdir(charts, 0o700), os.Symlink(a, filepath.Join(charts, "lag.svg"))); err != nil {
		t.Fatal(err)
	}
	for _, out := range []string{a, soft, hard, filepath.Join(dir, "R.md")} { // a chart of the last
		_, err := report.Write(t.Context(), out, []string{a})
		if err == nil || !strings.Contains(err.Error(), "written over "+a+", which is read") {
			t.Errorf("Write to %s = %v, want an error that says so", out, err)
		}
		if got, err := os.ReadFile(a); err != nil || !bytes.Equal(got, want) {
			t.Fatalf("the data has been written over by %s: %v", out, err)
		}
	}
}

func TestAReportOnStandardOutputHasNoCharts(t *testing.T) {
	a := save(t, filepath.Join(t.TempDir(), "a.jsonl"), ours().set())
	r, err := report.Render(report.Stdout, []string{a})
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Charts) > 0 || strings.Contains(string(r.Markdown), "## Charts") || !strings.Contains(string(r.Markdown), "## Figures") {
		t.Errorf("%d charts, and a report that shows them or nothing:\n%s", len(r.Charts), r.Markdown)
	}
}

func TestRenderSaysWhatIsWrong(t *testing.T) {
	dir := t.TempDir()
	other := ours().set()
	other.Env.Kernel = "6.2"
	a := save(t, filepath.Join(dir, "a.jsonl"), ours().set())
	b := save(t, filepath.Join(dir, "b.jsonl"), other)
	letter := filepath.Join(dir, "letter.txt")
	if err := os.WriteFile(letter, []byte("Dear Sir\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name  string
		paths []string
		parts []string
	}{
		{"none", nil, []string{"no files"}},
		{"missing", []string{filepath.Join(dir, "c.jsonl")}, []string{"c.jsonl", "no such file"}},
		{"foreign", []string{letter}, []string{letter, "line 1", "no file of clockbench"}},
		{"measured elsewhere", []string{a, b}, []string{b + " was not measured like " + a, "kernel 6.1.0, not 6.2"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			out := filepath.Join(dir, "RESULTS.md")
			written, err := report.Write(t.Context(), out, tt.paths)
			if err == nil || len(written) > 0 {
				t.Fatalf("Write = %v, %v, want an error", written, err)
			}
			for _, part := range tt.parts {
				if !strings.Contains(err.Error(), part) {
					t.Errorf("error %q, want one with %q", err, part)
				}
			}
			if _, err := os.Stat(out); !errors.Is(err, fs.ErrNotExist) {
				t.Errorf("there is a report: %v", err)
			}
		})
	}
}

// TestResultsAreRendered renders the results of this repository again: what
// they say is what the data beside them says.
func TestResultsAreRendered(t *testing.T) {
	const out = "../../RESULTS.md"
	results, err := os.ReadFile(out)
	paths, _ := filepath.Glob("../results/*.jsonl") // the pattern is a good one
	if len(paths) == 0 && errors.Is(err, fs.ErrNotExist) {
		t.Skip("nothing has been measured yet")
	}
	if err != nil {
		t.Fatal(err)
	}
	const hint = "run clockbench report -o RESULTS.md bench/results/*.jsonl, and commit what it writes"
	r, err := report.Render(out, paths)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(results, r.Markdown) {
		t.Errorf("%s is not what the data says: %s", out, hint)
	}
	var charts []string
	for _, c := range r.Charts {
		path := filepath.Join("../..", filepath.FromSlash(c.Path))
		charts = append(charts, filepath.Base(path))
		if svg, err := os.ReadFile(path); err != nil || !bytes.Equal(svg, c.SVG) {
			t.Errorf("%s is not what the data says (%v): %s", path, err, hint)
		}
	}
	drawings, _ := filepath.Glob(out + ".charts/*")
	for _, path := range drawings {
		if !slices.Contains(charts, filepath.Base(path)) {
			t.Errorf("%s is no chart of the report: remove it", path)
		}
	}
}

// save writes the file that clockbench compare would have.
func save(t *testing.T, path string, set *record.Set) string {
	t.Helper()
	var b bytes.Buffer
	out := json.NewEncoder(&b)
	if err := out.Encode(set.Header); err != nil {
		t.Fatal(err)
	}
	for _, r := range set.Runs {
		if err := out.Encode(r); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// TestTheTableInTheREADMEIsThatOfTheReport holds the answer that most readers
// look for, which is in two places, together.
func TestTheTableInTheREADMEIsThatOfTheReport(t *testing.T) {
	results, err := os.ReadFile("../../RESULTS.md")
	if err != nil {
		t.Fatal(err)
	}
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, table, found := strings.Cut(string(results), "## In short\n\n")
	if table, _, _ = strings.Cut(table, "\n\n"); !found || !strings.HasPrefix(table, "|") {
		t.Fatal("RESULTS.md has no table in short")
	}
	if !strings.Contains(string(readme), "\n\n"+table+"\n\n") {
		t.Errorf("the README does not have the table of RESULTS.md: put it there\n%s", table)
	}
}
