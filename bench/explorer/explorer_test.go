package explorer_test

import (
	"bytes"
	"encoding/base64"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"clock"
	"clock/bench/explorer"
	"clock/bench/plan"
)

// data is of a server with the name.
func data(name string) plan.Data {
	s := plan.Server{Name: name, Ticker: clock.Shared}
	for _, clients := range []int{1000, 5000, 10_000} {
		n := float64(clients)
		s.Runs = append(s.Runs, plan.Run{
			Clients: clients, CPU: 10e-6 * n, UserMemory: 1000 * n, KernelMemory: 5000 * n,
			Delays: []plan.Delay{{Percentile: 99, Seconds: 10e-6 * n}},
		})
	}
	return plan.Data{Interval: 2 * time.Second, Cores: 4, Servers: []plan.Server{s}, LeftOut: 3}
}

// page renders the data.
func page(t *testing.T, d plan.Data, files ...string) []byte {
	t.Helper()
	p, err := explorer.Page(d, files)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestThePageHoldsAllThatItNeeds(t *testing.T) {
	p := page(t, data("gnet/shared"), "a.jsonl")
	for _, part := range []string{
		`"name":"gnet/shared"`, `"files":["a.jsonl"]`, "1 of them, with 4 cores and a line every 2s", "3 runs are left out",
		base64.StdEncoding.EncodeToString(read(t, moduleFile)), string(read(t, scriptFile)),
		string(read(t, "target.js")), string(read(t, "explorer.js")), string(read(t, "explorer.css")),
	} {
		if !bytes.Contains(p, []byte(part)) {
			t.Errorf("the page has no %.60q", part)
		}
	}
	for _, link := range regexp.MustCompile(`(?i)\s(?:src|href|action)=\S*`).FindAllString(string(p), -1) {
		if link != ` href="data:,">` {
			t.Errorf("the page asks for %s", link)
		}
	}
	if !bytes.Equal(p, page(t, data("gnet/shared"), "a.jsonl")) {
		t.Error("the same data gives another page")
	}
}

func TestNamesDoNotEndTheScript(t *testing.T) {
	count := func(p []byte) int { return strings.Count(strings.ToLower(string(p)), "</script") }
	plain := page(t, data("gnet/shared"), "a.jsonl")
	if want := strings.Count(string(plain), "<script"); count(plain) != want {
		t.Errorf("%d scripts end, and %d begin", count(plain), want)
	}
	for _, odd := range []string{"</script><script>alert(1)</script>", "<!--<script>"} {
		if p := page(t, data(odd), odd); count(p) != count(plain) || bytes.Contains(p, []byte(odd)) {
			t.Errorf("the page takes the name %s for its own", odd)
		}
	}
}

func TestDataThatNothingFitsGivesNoPage(t *testing.T) {
	d := data("gnet/shared")
	d.Servers[0].Runs = d.Servers[0].Runs[:1]
	if _, err := explorer.Page(d, nil); err == nil || !strings.Contains(err.Error(), "gnet/shared: too little to fit") {
		t.Errorf("the error is %v, want one that says what to measure", err)
	}
}

// TestThePageHasTheColoursOfTheReport compares what should not differ beside
// each other.
func TestThePageHasTheColoursOfTheReport(t *testing.T) {
	theme, err := os.ReadFile("../report/theme.go")
	if err != nil {
		t.Fatal(err)
	}
	colours := regexp.MustCompile(`#[0-9A-F]{6}\b`).FindAllString(string(theme), -1)
	if len(colours) < 10 {
		t.Fatalf("the report has the colours %v", colours)
	}
	style := string(read(t, "explorer.css"))
	for _, c := range colours {
		if !strings.Contains(style, c) {
			t.Errorf("the page has no %s", c)
		}
	}
}

// TestSlidersStartOnAStep reads the page: a slider that is first moved goes on
// from the number beside it.
func TestSlidersStartOnAStep(t *testing.T) {
	p := string(page(t, data("gnet/shared")))
	values := make(map[string]string)
	for _, m := range regexp.MustCompile(`<input type="number" id="(\w+)" name="\w+" value="(\S+)"`).FindAllStringSubmatch(p, -1) {
		values[m[1]] = m[2]
	}
	sliders := regexp.MustCompile(`<input type="range" .*data-of="(\w+)" data-steps="(.*)">`).FindAllStringSubmatch(p, -1)
	if len(sliders) != 6 {
		t.Fatalf("%d sliders, want 6", len(sliders))
	}
	for _, m := range sliders {
		if !strings.Contains(" "+m[2]+" ", " "+values[m[1]]+" ") {
			t.Errorf("%s starts with %s, and its steps are %s", m[1], values[m[1]], m[2])
		}
	}
}
