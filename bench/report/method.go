package report

import (
	"fmt"
	"slices"
	"strings"

	"clock"
	"clock/bench/record"
)

// summary says what was measured, and how to read the findings.
func (d *data) summary() string {
	what := []string{plural(len(d.compared()), "server")}
	if len(d.where(isFloor)) > 0 {
		what = append(what, "the floor")
	}
	if n := len(d.where(func(v record.Variant) bool { return v.Control != "" })); n > 0 {
		what = append(what, plural(n, "control"))
	}
	var sizes []string
	for _, conns := range d.sizes {
		sizes = append(sizes, integer(conns))
	}
	if len(sizes) == 0 {
		return list(what) + " were measured; no run with all clients reading was conclusive."
	}
	s := fmt.Sprintf("%s, with %s clients and a line to each every %s, measured in %s. What follows is about %s where it does not say otherwise.",
		list(what), list(sizes), showPeriod(d.plan.Interval), plural(d.rounds(), "round"), plural(d.headline(), "client"))
	if d.rounds() > 1 {
		s += " In brackets are 95 % confidence intervals; “no measurable difference” means that the interval holds 1."
	}
	return s
}

// method says how it was measured, as far as the data tells.
func (d *data) method() []string {
	warmup := "two intervals"
	if d.plan.Warmup > 0 {
		warmup = showPeriod(d.plan.Warmup)
	}
	points := []string{
		fmt.Sprintf("%s. Each measures every server once at every load, in random order; servers under the same load one after the other.", plural(d.plan.Rounds, "round")),
		"Server and clients are processes of their own, fresh for every measurement.",
		fmt.Sprintf("The clients connect evenly, within one interval. After %s of warm-up, lines are counted for %s.", warmup, showPeriod(d.plan.Duration)),
		"A line has arrived when the kernel received it, so a busy client does not lengthen what it measures. Lag counts from the tick that the line names, so a late server cannot hide it.",
		"A ratio compares runs of the same round only. It is the geometric mean over the rounds, with Student's t interval. Any other figure is the median over the rounds, in square brackets the least and the greatest.",
		"A bold ratio has an interval without 1. One interval in twenty misses the truth.",
	}
	if len(d.env.ServerCPU) > 0 {
		points = append(points, fmt.Sprintf("The server is pinned to processor %s, the clients to %s.", processors(d.env.ServerCPU), processors(d.env.FleetCPU)))
	} else {
		points = append(points, "The processors are shared: nothing is pinned, so server and clients take time from each other.")
	}
	if d.env.Namespace {
		points = append(points, "Each measurement has a network namespace of its own: no sockets are left over from the last.")
	} else {
		points = append(points, "The measurements share one network namespace: sockets of the last may linger in the next.")
	}
	return points
}

func processors(cpus []int) string {
	return strings.Trim(strings.ReplaceAll(fmt.Sprint(cpus), " ", ", "), "[]")
}

// servers says what each name stands for.
func (d *data) servers() *table {
	t := newText("server", "what it is")
	for _, v := range d.variants {
		t.add("`"+v.Name+"`", describe(v))
	}
	return t
}

func describe(v record.Variant) string {
	switch {
	case v.Control != "":
		return "`" + v.Control + "` again, as a control"
	case isFloor(v):
		return "a bare loop of send(2): what the kernel alone costs"
	case v.Command != "":
		return "`" + v.Command + "`, ticker " + string(v.Ticker)
	}
	engine := map[string]string{
		"goroutine":  "a goroutine per connection",
		"gnet":       "an event loop",
		"sequential": "one client at a time, the book's clock1",
	}[v.Engine]
	ticker := map[clock.TickerKind]string{
		clock.Shared:  "one ticker for all",
		clock.PerConn: "a ticker per connection",
	}[v.Ticker]
	if isBook(v) {
		ticker += ", the book's clock2"
	}
	return engine + ", " + ticker
}

// environment is the machine.
func (d *data) environment() *table {
	var dates []string
	for _, s := range d.comparisons() {
		if day := s.Set.Time.UTC().Format("2 January 2006"); !slices.Contains(dates, day) {
			dates = append(dates, day)
		}
	}
	t := newText("", "")
	add := func(name, value string) {
		if value == "" {
			value = none
		}
		t.add(name, value)
	}
	e := d.env
	add("processor", fmt.Sprintf("%s, %d in use", e.CPU, e.CPUs))
	add("memory", showBytes(float64(e.Memory)))
	add("system", fmt.Sprintf("%s/%s, kernel %s", e.OS, e.Arch, e.Kernel))
	add("Go", e.Go)
	add("build", e.Build)
	if others := d.searchBuilds(); len(others) > 0 {
		add("build of searches", strings.Join(others, ", "))
	}
	add("open files per process", integer(int64(e.Files)))
	add("congestion control", e.Congest)
	if e.Backlog > 0 {
		add("accept queue, at most", integer(e.Backlog))
	}
	add("measured", strings.Join(dates, ", "))
	return t
}

// searchBuilds returns the builds of the searches that are not those of the
// comparison, each with the servers that were searched with it.
func (d *data) searchBuilds() []string {
	var builds []string
	servers := make(map[string][]string)
	for _, source := range d.sources {
		for _, s := range source.Searches {
			build := s.Env.Build
			if build == d.env.Build {
				continue
			}
			if !slices.Contains(builds, build) {
				builds = append(builds, build)
			}
			if !slices.Contains(servers[build], s.Server.Name) {
				servers[build] = append(servers[build], s.Server.Name)
			}
		}
	}
	for i, build := range builds {
		builds[i] = build + " (" + list(servers[build]) + ")"
	}
	return builds
}
