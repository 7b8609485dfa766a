package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/accessibility"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

const measuredFile = "../../bench/results/engines.jsonl"

// TestExplorerPage uses the page of the repository's data as people do, in a
// browser. go test -artifacts keeps pictures of it.
func TestExplorerPage(t *testing.T) {
	t.Parallel()
	b := openExplorer(t)
	// As subtests, so that one that fails does not hide the others.
	t.Run("plans like the command", func(t *testing.T) { testTargets(t, b) })
	t.Run("says what is wrong", func(t *testing.T) { testWrongTargets(t, b) })
	t.Run("keeps the target in the address", func(t *testing.T) { testAddress(t, b) })
	t.Run("stands any address", func(t *testing.T) { testAddressByHand(t, b) })
	t.Run("plans for all that it allows", func(t *testing.T) { testLimits(t, b) })
	t.Run("fits its reader", func(t *testing.T) { testScreens(t, b) })
	t.Run("names what it has", func(t *testing.T) { testNames(t, b) })
	for _, event := range b.unwanted() {
		t.Errorf("the page is to work without a word and without a network: %s", event)
	}
	before := len(b.unwanted())
	b.do(t, chromedp.Evaluate[chromedp.Void](`console.error("heard"), new Image().src = "http://127.0.0.1:1/seen"`))
	for deadline := time.Now().Add(20 * time.Second); len(b.unwanted()) < before+2; time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("a word and a request are not noticed: %q", b.unwanted())
		}
	}
	t.Run("says what is blocked", func(t *testing.T) { testBlocked(t, b) }) // and so does the browser
}

// plain are the arguments of the command for the target that the page opens with.
const plain = "-clients=1000000 -interval=1s -slo=p99=100ms -cores=8 -mem=16GiB -headroom=0.65"

// testTargets compares what the page shows with what the command prints.
func testTargets(t *testing.T, b *browser) {
	tests := []struct {
		name string
		act  []action
		args string // of the command
	}{
		{"as it opens", nil, plain},
		{"slider by key", []action{focus(slider("clients")), keys(kb.ArrowRight, kb.ArrowRight, kb.ArrowRight)},
			"-clients=2000000 -interval=1s -slo=p99=100ms -cores=8 -mem=16GiB -headroom=0.65"},
		{"loosest SLO", []action{focus(slider("slo")), keys(kb.End)},
			"-clients=1000000 -interval=1s -slo=p99=2s -cores=8 -mem=16GiB -headroom=0.65"},
		{"an SLO that some servers meet", []action{enter("slo", "3.5"), enter("clients", "20000"), enter("cores", "1")},
			"-clients=20000 -interval=1s -slo=p99=3.5ms -cores=1 -mem=16GiB -headroom=0.65"},
		{"another percentile, typed", []action{focus("#percentile"), keys("m"), enter("slo", "250"), enter("headroom", "80.5")},
			"-clients=1000000 -interval=1s -slo=max=250ms -cores=8 -mem=16GiB -headroom=0.805"},
		{"an interval that was not measured", []action{focus(slider("interval")), keys(kb.ArrowLeft)},
			"-clients=1000000 -interval=500ms -slo=p99=100ms -cores=8 -mem=16GiB -headroom=0.65"},
		{"extrapolated", []action{focus("#extrapolate"), keys(" "), enter("interval", "2.5")},
			"-clients=1000000 -interval=2.5s -slo=p99=100ms -cores=8 -mem=16GiB -headroom=0.65 -extrapolate"},
		{"memory binds", []action{focus(slider("memory")), keys(kb.Home), focus(slider("cores")), keys(kb.PageUp)},
			"-clients=1000000 -interval=1s -slo=p99=100ms -cores=12 -mem=0.25GiB -headroom=0.65"},
		{"all that could bind", []action{chromedp.Click(chromedp.CSS("form summary")),
			enter("files", "30000"), enter("tcp", "0.5"), enter("proxies", "1"), enter("packets", "400000")},
			plain + " -files=30000 -tcp-mem=0.5GiB -proxies=1 -nic=400000/s"},
		{"a slider by mouse", []action{chromedp.Click(chromedp.CSS(slider("headroom")))},
			"-clients=1000000 -interval=1s -slo=p99=100ms -cores=8 -mem=16GiB -headroom=0.55"},
		{"what no server can meet", []action{enter("slo", "0.01")},
			"-clients=1000000 -interval=1s -slo=p99=10µs -cores=8 -mem=16GiB -headroom=0.65"},
	}
	for _, tt := range tests {
		b.open(t, "")
		b.do(t, tt.act...)
		line := "clockbench plan " + tt.args + " " + measuredFile
		if !b.await(t, pageCommand, line) {
			continue
		}
		shown := get(t, b, chromedp.Evaluate[struct {
			Heading, Verdict string
			Rows             [][]string
			Assumptions      []string
		}](`({
			heading: document.getElementById("heading").textContent,
			verdict: document.getElementById("verdict").textContent,
			rows: [...document.querySelectorAll("table tr")].map(row => [...row.cells].map(cell => cell.textContent)),
			assumptions: [...document.querySelectorAll("#assumptions li")].map(item => "- " + item.textContent),
		})`))

		var stdout, stderr bytes.Buffer
		met := run(t.Context(), strings.Fields(line)[1:], &stdout, &stderr) == 0
		heading, rest, _ := strings.Cut(stdout.String(), "\n\n")
		table, rest, _ := strings.Cut(rest, "\n\n")
		if shown.Heading != heading {
			t.Errorf("%s: the heading is %q, and %q of the command", tt.name, shown.Heading, heading)
		}
		rows := strings.Split(strings.TrimSuffix(table, "\n"), "\n")
		if len(rows) != len(shown.Rows) {
			t.Fatalf("%s: the table has %d rows, and %d of the command:\n%s", tt.name, len(shown.Rows), len(rows), &stdout)
		}
		for i, row := range rows {
			cells := regexp.MustCompile(`  +`).Split(row, -1)
			if i == 0 {
				shown.Rows[i] = strings.Split(strings.ToUpper(strings.Join(shown.Rows[i], "|")), "|")
			}
			if got := slices.DeleteFunc(shown.Rows[i], func(s string) bool { return s == "" }); !slices.Equal(got, cells) {
				t.Errorf("%s: row %d is %q, and %q of the command", tt.name, i, got, cells)
			}
		}
		for _, part := range append(shown.Assumptions, shown.Verdict) {
			if met && !strings.Contains(rest, "\n"+part+"\n") {
				t.Errorf("%s: the page says %q, and the command does not:\n%s", tt.name, part, rest)
			}
		}
		if !met && stderr.String() != "clockbench plan: "+shown.Verdict+"\n" {
			t.Errorf("%s: the page says %q, and the command %q", tt.name, shown.Verdict, &stderr)
		}
	}
}

// testAddress opens the page again at the address that it has after a change.
func testAddress(t *testing.T, b *browser) {
	b.open(t, "")
	b.do(t, focus("#extrapolate"), keys(" "), enter("clients", "12345"))
	_, fragment, _ := strings.Cut(get(t, b, chromedp.Location()), "#")
	for fragment, args := range map[string]string{
		fragment:                            "-clients=12345 -interval=1s -slo=p99=100ms -cores=8 -mem=16GiB -headroom=0.65 -extrapolate",
		"clients=7&percentile=50&nothing=1": "-clients=7 -interval=1s -slo=p50=100ms -cores=8 -mem=16GiB -headroom=0.65",
	} {
		b.open(t, fragment)
		b.await(t, pageCommand, "clockbench plan "+args+" "+measuredFile)
	}
}

// testScreens looks at the page on a phone and on a desk, by day and by night.
func testScreens(t *testing.T, b *browser) {
	papers := make(map[string]bool)
	// The second target has servers that cannot meet it, and long notes.
	for i, fragment := range []string{"", "slo=2&percentile=99.99&interval=1.5"} {
		b.open(t, fragment)
		for _, screen := range []struct {
			name          string
			width, height int64
		}{{"phone", 360, 740}, {"tablet", 800, 1100}, {"desk", 1280, 900}} {
			for _, scheme := range []string{"light", "dark"} {
				features := []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}
				b.do(t, chromedp.EmulateViewport(screen.width, screen.height), send(emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: features}))
				b.await(t, fmt.Sprintf(`innerWidth === %d && document.documentElement.scrollWidth <= innerWidth`, screen.width), true)
				wide := get(t, b, chromedp.Evaluate[[]string](`[...document.querySelectorAll("body *:not(thead *)")]
					.filter(e => e.checkVisibility() && e.getBoundingClientRect().right > innerWidth + 0.5).map(e => e.outerHTML)`))
				if len(wide) > 0 {
					t.Errorf("%s: wider than the screen is %s", screen.name, wide[0])
				}
				papers[get(t, b, chromedp.Evaluate[string](`getComputedStyle(document.body).backgroundColor`))] = true
				picture := filepath.Join(t.ArtifactDir(), fmt.Sprintf("%s-%s-%d.png", screen.name, scheme, i))
				if err := os.WriteFile(picture, get(t, b, chromedp.FullScreenshot(100)), 0o644); err != nil {
					t.Error(err)
				}
			}
		}
	}
	if len(papers) != 2 {
		t.Errorf("the page is %v, want one colour by day and one by night", papers)
	}
}

// testNames asks for what the page is to those who do not see it, on a phone,
// where the table is drawn as cards, and goes there by key.
func testNames(t *testing.T, b *browser) {
	b.open(t, "")
	b.do(t, chromedp.EmulateViewport(360, 740), keys(kb.Tab))
	b.await(t, `document.activeElement.id`, "clients")
	b.await(t, `getComputedStyle(document.activeElement).outlineStyle`, "solid")

	count := make(map[string]int)
	tree := get(t, b, func(ctx context.Context, target *chromedp.Target) (accessibility.GetFullAXTreeResult, error) {
		return cdp.Call(ctx, target, accessibility.GetFullAXTree, accessibility.GetFullAXTreeParams{})
	})
	for _, n := range tree.Nodes {
		if n.Ignored {
			continue
		}
		role := string(n.Role.Value)
		count[role]++
		switch role {
		case `"spinbutton"`, `"slider"`, `"combobox"`, `"checkbox"`, `"table"`, `"image"`, `"columnheader"`, `"rowheader"`:
			if n.Name == nil || string(n.Name.Value) == `""` {
				t.Errorf("a %s has no name", role)
			}
		}
	}
	for role, want := range map[string]int{"spinbutton": 6, "slider": 6, "combobox": 1, "checkbox": 1, "table": 1, "columnheader": 10, "rowheader": 4, "status": 1, "image": 3} {
		if got := count[strconv.Quote(role)]; got != want {
			t.Errorf("there are %d of the role %s, want %d", got, role, want)
		}
	}
}
