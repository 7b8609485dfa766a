package report_test

import (
	"bytes"
	"flag"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"clock"
	"clock/bench/load"
	"clock/bench/record"
	"clock/bench/report"
)

var update = flag.Bool("update", false, "write the golden files anew")

const golden = "testdata/results.md"

func TestTheReportOfMadeUpData(t *testing.T) {
	c := ours()
	c.rounds = 3
	got := render(t, c.set()).Markdown
	if *update {
		if err := os.WriteFile(golden, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	gotLines, wantLines := strings.Split(string(got), "\n"), strings.Split(string(want), "\n")
	for i := range max(len(gotLines), len(wantLines)) {
		g, w := at(gotLines, i), at(wantLines, i)
		if g != w {
			t.Errorf("line %d is\n\t%s\nwant\n\t%s\n(go test -update writes %s anew)", i+1, g, w, golden)
		}
	}
}

// at returns an element, or what stands for none.
func at(lines []string, i int) string {
	if i < len(lines) {
		return lines[i]
	}
	return "(nothing)"
}

func TestTheSameDataGivesTheSameBytes(t *testing.T) {
	a, b := render(t, ours().set()), render(t, ours().set())
	if !bytes.Equal(a.Markdown, b.Markdown) {
		t.Error("the texts differ")
	}
	for i := range a.Charts {
		if !bytes.Equal(a.Charts[i].SVG, b.Charts[i].SVG) {
			t.Errorf("the charts %s differ", a.Charts[i].Path)
		}
	}
}

// Whatever the data lacks, the report says so, leaves out what depends on it,
// and has the rest; render checks that it never shows what is no number.
func TestTheReportOfIncompleteData(t *testing.T) {
	without := func(names ...string) func(*comparison) {
		return func(c *comparison) {
			c.servers = slices.DeleteFunc(c.servers, func(s server) bool { return slices.Contains(names, s.Name) })
		}
	}
	inconclusive := func(r *record.Run) { r.Load.Inconclusive = []string{"the fleet was saturated"} }
	tests := []struct {
		name    string
		change  func(*comparison)
		has     []string
		lacking []string
	}{
		{"no floor", without(record.FloorName),
			[]string{"The floor was not measured", "## Control", "user memory"}, []string{"× floor |", "kernel's part"}},
		{"no control", without("gnet/shared again"),
			[]string{"there is no control", "× floor |", "**Lag.**"}, []string{"## Control", "**Control.**"}},
		{"no storm", func(c *comparison) { c.noStorm = true },
			[]string{"No connect storm was measured", "## Connecting", "start p99"}, []string{"**Connect storm.**", "storm p99", "storm rate"}},
		{"no stalled readers", func(c *comparison) { c.stalled = 0 },
			[]string{"No load with stalled readers was measured", "## Connecting"}, []string{"## Stalled readers", "**Stalled readers.**"}},
		{"one round", func(c *comparison) { c.rounds = 1 },
			[]string{"one round only", "× floor", "**Reach.**"}, []string{"## Control", "measurable", "**CPU", "**Drift.**", "times that"}},
		{"one server", without("goroutine/per-conn", "goroutine/shared", "gnet/per-conn", "gnet/shared again", record.FloorName),
			[]string{"1 server, with", "## Figures"}, []string{"## Who costs what", "**CPU"}},
		{"only tickers per connection", without("goroutine/shared", "gnet/shared", "gnet/shared again", record.FloorName),
			[]string{"**Drift.**", "jitter-percentiles.svg"}, []string{"lag.svg", "lag-percentiles.svg", "lag p99", "**Lag.**"}},
		{"nothing conclusive", func(c *comparison) { c.change = inconclusive },
			[]string{"Nothing: the data bears out no comparison.", "no conclusive run of `floor` with 1,000 clients", "the fleet was saturated", "80 of 80 runs"},
			[]string{"## Figures", "## Charts", "## Control", "Every line"}},
		{"one cell inconclusive", func(c *comparison) {
			c.change = func(r *record.Run) {
				if r.Variant == "gnet/shared" && r.Conns == 16000 && r.Stalled == 0 {
					inconclusive(r)
				}
			}
		}, []string{"There is no conclusive run of `gnet/shared` with 16,000 clients.", "5 of 80 runs", "With 1,000 clients, a line costs"}, nil},
		{"one cell disturbed in three rounds", func(c *comparison) {
			c.change = func(r *record.Run) {
				if r.Variant == "gnet/shared" && r.Conns == 16000 && r.Stalled == 0 && r.Round < 3 {
					r.OtherCPU, r.Disturbed = 0.86, true
					r.ServerCPU *= 100
				}
			}
		}, []string{
			"3 of 80 runs: inconclusive, and left out of every figure; 3 of them because other processes took more than 5 % of a processor.",
			"other processes took 86% of a processor |    3 |",
		}, []string{"There is no conclusive run", "**0.0", "**100"}},
		{"no commit", func(c *comparison) { c.build = "(devel)" },
			[]string{"Nobody can tell what these figures are of: the build has no commit."}, nil},
		{"noise that is not known", func(c *comparison) { c.othersUnknown = true },
			[]string{"Noise: what other processes took is not known"}, []string{"in the worst"}},
		{"only stalled cells conclusive", func(c *comparison) {
			c.change = func(r *record.Run) {
				if r.Stalled == 0 {
					inconclusive(r)
				}
			}
		}, []string{"no run with all clients reading was conclusive"}, []string{"## Figures", "**Stalled readers.**"}},
		{"empty results", func(c *comparison) {
			c.change = func(r *record.Run) {
				r.Load = &load.Result{Ticker: r.Load.Ticker}
				r.ServerCPU, r.UserMemory, r.KernelMemory = 0, 0, 0
			}
		}, []string{"## Figures", "## Method"}, []string{"CPU per line (µs)", "## Charts", "## Control"}},
		{"memory that shrank", func(c *comparison) {
			c.change = func(r *record.Run) { r.UserMemory = -100 }
		}, []string{"−0.100", "**CPU, shared ticker.**"}, []string{"**Memory.**"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c := ours()
			tt.change(&c)
			text := string(render(t, c.set()).Markdown)
			for _, s := range tt.has {
				if !strings.Contains(text, s) {
					t.Errorf("the report lacks %q", s)
				}
			}
			for _, s := range tt.lacking {
				if strings.Contains(text, s) {
					t.Errorf("the report has %q", s)
				}
			}
			if t.Failed() {
				t.Log(text)
			}
		})
	}
}

func TestAServerOfAnotherMakeAppearsLikeOurs(t *testing.T) {
	c := ours()
	c.servers = append(c.servers, server{
		Variant: record.Variant{Name: "mine", Ticker: clock.Shared, Command: "./mine -listen {addr}"},
		cpu:     20, user: 9000, delay: 9 * time.Millisecond, storm: 5000,
	})
	r := render(t, c.set())
	for _, s := range []string{
		"| mine ", "with `mine`", "mine ÷ gnet/shared", "`./mine -listen {addr}`, ticker shared", "'-server=mine:shared=./mine -listen {addr}'",
	} {
		if !strings.Contains(string(r.Markdown), s) {
			t.Errorf("the report lacks %q", s)
		}
	}
	for _, chart := range r.Charts {
		if chart.Path != "RESULTS.md.charts/jitter-percentiles.svg" && !bytes.Contains(chart.SVG, []byte(">mine<")) {
			t.Errorf("%s lacks the server", chart.Path)
		}
	}
}

func TestThePlanIsReproducible(t *testing.T) {
	want := "    clockbench compare -o bench/results/a.jsonl -conns=1000,16000" +
		" -server=goroutine/per-conn -server=goroutine/shared -server=gnet/per-conn -server=gnet/shared -control=gnet/shared -stalled=0.1 -stalled-conns=16000" +
		" -rounds=5 -interval=1s -warmup=3s -duration=20s -seed=7\n" +
		"    clockbench report -o RESULTS.md bench/results/a.jsonl\n"
	if text := string(render(t, ours().set()).Markdown); !strings.HasSuffix(text, want) {
		t.Errorf("the report ends with %q, want %q", text[max(0, len(text)-len(want)):], want)
	}
}

func TestSeveralFilesArePooled(t *testing.T) {
	small, large := ours(), ours()
	small.sizes, large.sizes = []int{1000}, []int{2000}
	text := string(render(t, small.set(), large.set()).Markdown)
	for _, s := range []string{"### 1,000 clients", "### 2,000 clients", "measured in 10 rounds", "-o bench/results/a.jsonl -conns=1000 ", "-o bench/results/b.jsonl -conns=2000 "} {
		if !strings.Contains(text, s) {
			t.Errorf("the report lacks %q", s)
		}
	}
	if strings.Contains(text, "not measured") {
		t.Errorf("the report misses runs that nobody planned:\n%s", text)
	}
}

func TestUnfinishedDataIsSaidToBe(t *testing.T) {
	set := ours().set()
	set.Runs, set.Truncated = set.Runs[:len(set.Runs)-3], true
	text := string(render(t, set).Markdown)
	for _, s := range []string{"The last line of bench/results/a.jsonl was cut off", "Of the runs planned in bench/results/a.jsonl, 3 were not measured."} {
		if !strings.Contains(text, s) {
			t.Errorf("the report lacks %q", s)
		}
	}
}

func TestThereIsNoReportOfNothing(t *testing.T) {
	set := ours().set()
	set.Runs = nil
	_, err := report.New("RESULTS.md", []report.Source{{Path: "a.jsonl", Set: set}})
	if err == nil || !strings.Contains(err.Error(), "measure first") {
		t.Errorf("New = %v, want an error that says what to do", err)
	}
	if _, err := report.New("RESULTS.md", nil); err == nil || !strings.Contains(err.Error(), "no files") {
		t.Errorf("New without sources = %v, want an error that says so", err)
	}
}
