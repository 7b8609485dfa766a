package main

import (
	"encoding/json"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/prometheus/promql/parser"
	"go.yaml.in/yaml/v3"
)

// A vocabulary is the label names of each metric. Prometheus adds those of the
// target to all.
type vocabulary map[string][]string

// targetLabels are the labels that Prometheus adds to what it scrapes.
var targetLabels = []string{"job", "instance"}

// exported returns the metrics of a clock that has served some clients.
func exported(t *testing.T) vocabulary {
	t.Helper()
	p, url := startWatched(t, "-engine=gnet", "-ticker=shared", "-interval=20ms")
	for range 3 {
		if _, err := firstLine("tcp", p.addr); err != nil {
			t.Fatal(err)
		}
	}
	_, text := get(t, url+"/metrics")
	p.stop(t)

	known := vocabulary{"up": targetLabels}
	sample, label := regexp.MustCompile(`^(\w+)(?:{(.*)})? `), regexp.MustCompile(`(\w+)="`)
	for line := range strings.Lines(text) {
		if m := sample.FindStringSubmatch(line); m != nil {
			names := slices.Clone(targetLabels)
			for _, l := range label.FindAllStringSubmatch(m[2], -1) {
				names = append(names, l[1])
			}
			known[m[1]] = names
		}
	}
	return known
}

// check parses a PromQL expression, and returns the names of the metrics and of
// the labels that it can have. It is an error to name others.
func (v vocabulary) check(t *testing.T, expr string) (metrics, labels []string) {
	t.Helper()
	tree, err := parser.NewParser(parser.Options{}).ParseExpr(expr)
	if err != nil {
		t.Errorf("%s: %v", expr, err)
		return nil, nil
	}
	var used []string // labels that are not a metric's own business
	parser.Inspect(tree, func(node parser.Node, _ []parser.Node) error {
		switch n := node.(type) {
		case *parser.VectorSelector:
			own, ok := v[n.Name]
			if !ok {
				t.Errorf("%s: clock does not export %q", expr, n.Name)
			}
			metrics, labels = append(metrics, n.Name), append(labels, own...)
			for _, m := range n.LabelMatchers {
				if m.Name != "__name__" && !slices.Contains(own, m.Name) {
					t.Errorf("%s: %s has no label %q", expr, n.Name, m.Name)
				}
			}
		case *parser.AggregateExpr:
			used = append(used, n.Grouping...)
		case *parser.BinaryExpr:
			if n.VectorMatching != nil {
				used = append(append(used, n.VectorMatching.MatchingLabels...), n.VectorMatching.Include...)
			}
		}
		return nil
	})
	for _, l := range used {
		if !slices.Contains(labels, l) {
			t.Errorf("%s: none of the metrics has a label %q", expr, l)
		}
	}
	return metrics, labels
}

// checkTexts demands that the labels that pattern finds in texts for people are
// among those of their expression.
func checkTexts(t *testing.T, pattern string, labels []string, texts ...string) {
	t.Helper()
	for _, text := range texts {
		for _, m := range regexp.MustCompile(pattern).FindAllStringSubmatch(text, -1) {
			if !slices.Contains(labels, m[1]) {
				t.Errorf("%q: the expression has no label %q", text, m[1])
			}
		}
	}
}

func TestRulesUseMetricsOfTheServer(t *testing.T) {
	text, err := os.ReadFile(root + "/deploy/prometheus/clock.rules.yml")
	if err != nil {
		t.Fatal(err)
	}
	var file struct {
		Groups []struct {
			Name  string
			Rules []struct {
				Record, Alert, Expr string
				For                 time.Duration
				Labels, Annotations map[string]string
			}
		}
	}
	decoder := yaml.NewDecoder(strings.NewReader(string(text)))
	decoder.KnownFields(true)
	if err := decoder.Decode(&file); err != nil {
		t.Fatal(err)
	}
	known := exported(t)
	alerts := 0
	for _, group := range file.Groups {
		for _, rule := range group.Rules {
			_, labels := known.check(t, rule.Expr)
			switch {
			case (rule.Record == "") == (rule.Alert == ""):
				t.Errorf("%s: the rule records %q and alerts %q", rule.Expr, rule.Record, rule.Alert)
			case rule.Record != "":
				known[rule.Record] = labels
			default:
				alerts++
				if rule.For == 0 || rule.Labels["severity"] == "" || rule.Annotations["summary"] == "" {
					t.Errorf("%s has no for, severity or summary: %+v", rule.Alert, rule)
				}
				checkTexts(t, `\$labels\.(\w+)`, labels, slices.Collect(maps.Values(rule.Annotations))...)
			}
		}
	}
	if alerts == 0 {
		t.Error("there are no alerts")
	}
}

func TestDashboardShowsTheMetricsOfTheServer(t *testing.T) {
	text, err := os.ReadFile(root + "/deploy/grafana/clock.json")
	if err != nil {
		t.Fatal(err)
	}
	type source struct{ Type, UID string }
	var dashboard struct {
		Templating struct{ List []struct{ Name, Type string } }
		Panels     []struct {
			Title      string
			Datasource source
			Targets    []struct {
				Datasource         source
				Expr, LegendFormat string
			}
		}
	}
	if err := json.Unmarshal(text, &dashboard); err != nil {
		t.Fatal(err)
	}
	variables := make(map[string]bool)
	for _, v := range dashboard.Templating.List {
		variables[v.Name] = true
	}
	for _, m := range regexp.MustCompile(`\$\{?([a-z]\w*)`).FindAllSubmatch(text, -1) {
		if !variables[string(m[1])] {
			t.Errorf("there is no variable %s", m[0])
		}
	}

	known := exported(t)
	shown := make(map[string]bool)
	for _, panel := range dashboard.Panels {
		if len(panel.Targets) == 0 {
			t.Errorf("panel %q shows nothing", panel.Title)
		}
		for _, target := range panel.Targets {
			if want := (source{"prometheus", "${datasource}"}); panel.Datasource != want || target.Datasource != want {
				t.Errorf("panel %q: a data source other than that of the variable", panel.Title)
			}
			metrics, labels := known.check(t, strings.ReplaceAll(target.Expr, "$__rate_interval", "1m"))
			checkTexts(t, `{{(\w+)}}`, labels, target.LegendFormat)
			for _, m := range metrics {
				shown[family(m)] = true
			}
		}
	}
	for metric := range known {
		if strings.HasPrefix(metric, "clock_") && !shown[family(metric)] {
			t.Errorf("no panel shows %s", metric)
		}
	}
}

// family returns the name of the histogram of which a metric is a part, or else
// that of the metric.
func family(metric string) string {
	return regexp.MustCompile(`_seconds_(bucket|sum|count)$`).ReplaceAllString(metric, "_seconds")
}
