package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"strings"
	"time"

	protocol "clock"
	"clock/address"
	"clock/cmd/internal/printable"
)

type options struct {
	once    bool
	layout  string
	network string
	clocks  []*clock
}

const usage = `usage: clockwall [-once] [-layout=LAYOUT] [-network=NETWORK] NAME=ADDRESS...

Clockwall shows the clock servers at each ADDRESS side by side, and how far they
are off the clock of this machine, until Ctrl-C. ADDRESS is host:port, or a path
with -network=unix.

`

// parse returns the options in args. Asked for help, it prints the usage to
// stdout and returns flag.ErrHelp.
func parse(args []string, stdout io.Writer) (opts options, err error) {
	flags := flag.NewFlagSet("clockwall", flag.ContinueOnError)
	flags.BoolVar(&opts.once, "once", false, "show one line of each clock, and exit")
	flags.StringVar(&opts.layout, "layout", protocol.DefaultLayout, "`LAYOUT` of the clocks' lines, as package time has it or names it")
	flags.StringVar(&opts.network, "network", "tcp", "`NETWORK` to connect over: tcp, tcp4, tcp6 or unix")
	flags.SetOutput(io.Discard) // run reports the error, in one line
	if err := flags.Parse(args); errors.Is(err, flag.ErrHelp) {
		flags.SetOutput(stdout)
		fmt.Fprint(stdout, usage)
		flags.PrintDefaults()
		return opts, err
	} else if err != nil {
		return opts, fmt.Errorf("%s; see clockwall -help", printable.Text(err.Error()))
	}

	if opts.layout, err = parseLayout(opts.layout); err != nil {
		return opts, err
	}
	if flags.NArg() == 0 {
		return opts, errors.New("no clocks given; try NewYork=localhost:8000")
	}
	seen := make(map[string]bool)
	for _, arg := range flags.Args() {
		name, addr, found := strings.Cut(arg, "=")
		switch {
		case !found:
			return opts, fmt.Errorf("%q is not name=address; try NewYork=localhost:8000, after the flags", arg)
		case arg != printable.Text(arg):
			return opts, fmt.Errorf("%q cannot be shown; use printable characters", arg)
		case name == "":
			return opts, fmt.Errorf("%q has no name; try NewYork%s", arg, arg)
		case seen[name]:
			return opts, fmt.Errorf("two clocks are named %q; give each a name of its own", name)
		}
		if err := address.Check(opts.network, addr); err != nil {
			return opts, err
		}
		seen[name] = true
		opts.clocks = append(opts.clocks, newClock(name, addr))
	}
	return opts, nil
}

// parseLayout returns the layout that s names. It refuses one whose lines do not
// tell one minute from the next, as 2006-01-02: what they are off would mean
// nothing.
func parseLayout(s string) (string, error) {
	layout, err := protocol.ParseLayout(s)
	if err != nil {
		return "", err
	}
	var t time.Time
	if t.Format(layout) == t.Add(time.Minute).Format(layout) {
		return "", fmt.Errorf("layout %q names no minute; try %s", s, protocol.DefaultLayout)
	}
	return layout, nil
}
