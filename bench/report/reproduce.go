package report

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"clock"
	"clock/bench/record"
)

// commands are what a reader types to measure again, and to render this report.
func (d *data) commands(name string) []string {
	commands := []string{}
	render := []string{"clockbench", "report", "-o", name}
	for _, s := range d.sources {
		path := s.Path
		if strings.HasPrefix(path, "-") {
			path = "./" + path // no flag
		}
		render = append(render, path)
		if s.Set != nil {
			commands = append(commands, words(compareCommand(s.Set.Plan, path)))
		}
		for _, search := range s.Searches {
			if c := words(searchCommand(search)) + " >>" + words([]string{path}); !slices.Contains(commands, c) {
				commands = append(commands, c)
			}
		}
	}
	return append(commands, words(render))
}

// compareCommand is the command that makes the plan. It says everything, also
// what is the default today.
func compareCommand(p record.Plan, out string) []string {
	var servers, sizes []string
	control := "none"
	for _, v := range p.Variants {
		switch {
		case v.Control != "":
			control = v.Control
		case !isFloor(v): // it is always measured
			servers = append(servers, serverFlag(v))
		}
	}
	if len(servers) == 0 {
		servers = []string{"-server=" + record.FloorName}
	}
	stalled := []string{"-stalled=0"}
	for _, c := range p.Cells {
		size := strconv.Itoa(c.Conns)
		switch {
		case c.Stalled > 0:
			stalled = []string{"-stalled=" + strconv.FormatFloat(c.Stalled, 'f', -1, 64), "-stalled-conns=" + size}
		case !slices.Contains(sizes, size):
			sizes = append(sizes, size)
		}
	}
	command := []string{"clockbench", "compare", "-o", out, "-conns=" + strings.Join(sizes, ",")}
	command = append(append(command, servers...), "-control="+control)
	command = append(command, stalled...)
	return append(command,
		fmt.Sprintf("-rounds=%d", p.Rounds),
		fmt.Sprintf("-interval=%v", p.Interval),
		fmt.Sprintf("-warmup=%v", p.Warmup),
		fmt.Sprintf("-duration=%v", p.Duration),
		fmt.Sprintf("-seed=%d", p.Seed))
}

// serverFlag is the flag that names a server.
func serverFlag(v record.Variant) string {
	switch {
	case v.Command == "":
		return "-server=" + v.Name
	case v.Ticker == clock.Shared:
		return "-server=" + v.Name + ":shared=" + v.Command
	}
	return "-server=" + v.Name + "=" + v.Command
}

// searchCommand is the command that searches again. A limit on clients is that
// of the machine.
func searchCommand(s record.Search) []string {
	return []string{"clockbench", "capacity", "-json=-", serverFlag(s.Server),
		"-slo=" + s.SLO.String(), fmt.Sprintf("-interval=%v", s.Interval), fmt.Sprintf("-cpus=%d", s.CPUs),
		fmt.Sprintf("-warmup=%v", s.Warmup), fmt.Sprintf("-duration=%v", s.Duration)}
}

// unsafe finds what may mean something to a shell.
var unsafe = regexp.MustCompile(`[^\w@%+=:,./-]|^$`)

// words makes a line of the shell.
func words(args []string) string {
	var quoted []string
	for _, s := range args {
		if unsafe.MatchString(s) {
			s = "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
		}
		quoted = append(quoted, s)
	}
	return strings.Join(quoted, " ")
}
