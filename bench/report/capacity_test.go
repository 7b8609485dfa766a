package report_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"clock/bench/record"
	"clock/bench/report"
)

// withSearches is the report of a made-up comparison and of searches.
func withSearches(t *testing.T, searches ...record.Search) string {
	t.Helper()
	return string(renderSources(t, []report.Source{
		{Path: "bench/results/capacity.jsonl", Searches: searches},
		{Path: "bench/results/engines.jsonl", Set: ours().set()},
	}).Markdown)
}

func TestTheReportOfSearches(t *testing.T) {
	c := ours()
	limited := c.searches(time.Second, 20_000)
	limited[0].Exceeded, limited[0].Cause = 0, record.Files
	limited[0].Env.Build = "another"
	got := withSearches(t, slices.Concat(c.searches(50*time.Millisecond, 5200, 5000, 0, 5100), c.searches(10*time.Millisecond, 0), limited)...)
	for _, want := range []string{
		"| p99 ≤ 10ms | gnet/shared |                     – | none of 1 came to an end |", // the strictest comes first
		"| p99 ≤ 50ms | gnet/shared | 5,100 [5,000–5,200] |",
		"| 3 |    4 % | SLO |",
		"| p99 ≤ 1s   | gnet/shared |                20,000 |",
		"| 1 |    0 % | files |",
		"**Capacity.** How many clients a server with 1 processor holds: within p99 ≤ 50ms it holds 5,100 with `gnet/shared`; within p99 ≤ 1s it holds as many as the limit on open files allows, 20,000 with `gnet/shared`.",
		"clockbench capacity -json=- -server=gnet/shared -slo=p99=50ms -interval=1s -cpus=1 -warmup=1s -duration=3s >>bench/results/capacity.jsonl",
		"| build of searches     | another (gnet/shared)",
		"clockbench report -o RESULTS.md bench/results/capacity.jsonl bench/results/engines.jsonl",
	} {
		if !strings.Contains(squeezed(got), squeezed(want)) {
			t.Errorf("the report does not have %q", want)
		}
	}
	if strings.Contains(got, "No capacity was searched for") {
		t.Error("the report says that there are no searches")
	}
}

func TestASearchGivenTwiceCountsOnce(t *testing.T) {
	searches := ours().searches(50*time.Millisecond, 5200, 5000)
	if got := withSearches(t, append(searches, searches...)...); !strings.Contains(squeezed(got), "| 5,100 [5,000–5,200] | 2 |") {
		t.Errorf("two searches, given twice, are not 2:\n%s", got)
	}
}

// squeezed is text without the padding of tables.
func squeezed(s string) string { return strings.Join(strings.Fields(s), " ") }

// The made-up lag of gnet/shared is 5 ms for the median client of 1,000, and 20
// times that at the 99th percentile of the made-up distribution; a search that
// finds what follows from it, or three times as much, tells how good the model is.
func TestTheModelIsHeldAgainstSearches(t *testing.T) {
	c := ours()
	predicted := 0
	for _, found := range []int{2400, 2600, 2800} {
		if strings.Contains(withSearches(t, c.searches(50*time.Millisecond, found)...), "The model predicts 1 of 1 within 15 %.") {
			predicted++
		}
	}
	if predicted == 0 {
		t.Error("the model predicts none of the capacities that the data was made for")
	}
	if got := withSearches(t, c.searches(50*time.Millisecond, 8000)...); !strings.Contains(got, "The model predicts 0 of 1 within 15 %.") {
		t.Error("the model predicts a capacity that is three times what the data was made for")
	}
}

func TestSearchesOfAnotherMachineAreAnError(t *testing.T) {
	c := ours()
	searches := c.searches(time.Second, 100)
	searches[0].Env.CPU = "Another 4000"
	_, err := report.New("RESULTS.md", []report.Source{{Path: "s.jsonl", Searches: searches}, {Path: "c.jsonl", Set: c.set()}})
	if err == nil || !strings.Contains(err.Error(), "s.jsonl") || !strings.Contains(err.Error(), "Another 4000") {
		t.Errorf("New = %v, want an error with the file and the machine", err)
	}
}

func TestSearchesAloneMakeNoReport(t *testing.T) {
	_, err := report.New("RESULTS.md", []report.Source{{Path: "s.jsonl", Searches: ours().searches(time.Second, 100)}})
	if err == nil || !strings.Contains(err.Error(), "clockbench compare") {
		t.Errorf("New = %v, want an error that asks for a comparison", err)
	}
}

// What binds a capacity is named by its cause, also in what older versions
// wrote, which had the sentence alone.
func TestWhatBindsACapacityIsNamed(t *testing.T) {
	tests := []struct{ cause, binds, want string }{
		{record.CPU, "", "processor"},
		{record.SLO, "", "SLO"},
		{record.Files, "", "files"},
		{record.Unserved, "", "clients not served"},
		{record.Most, "", "what was to be tried"},
		{"", "the processor: with 9 clients the server used 95% of it", "processor"},
		{"", "the SLO: with 9 clients, reach is 0.9", "SLO"},
		{"", "the SLO: with 9 clients, reach is 0.9\n2 clients were not served: closed by the server (2)", "clients not served"},
		{"", "the limit on open files, which leaves room for 19936 connections in a process", "files"},
		{"", "-most=9", "what was to be tried"},
	}
	for _, tt := range tests {
		searches := ours().searches(time.Second, 100)
		searches[0].Cause, searches[0].Binds = tt.cause, tt.binds
		if got := squeezed(withSearches(t, searches...)); !strings.Contains(got, "| 1 | 0 % | "+tt.want+" |") {
			t.Errorf("bound by %q, %q: the report does not say %q", tt.cause, tt.binds, tt.want)
		}
	}
}
