package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"strconv"
	"strings"
	"time"

	"clock"
	"clock/cmd/internal/printable"
	"clock/engine"
)

// defaultAddr is the address of the book's server.
const defaultAddr = "localhost:8000"

// A config is what the flags say.
type config struct {
	clock.Options
	engine  string
	network string
	addr    string
	version bool
	server  *engine.Server // serves what the rest says
}

// parse reads the flags. Its errors are the user's. For -help it prints the
// usage to stdout and returns flag.ErrHelp.
func parse(args []string, stdout io.Writer) (config, error) {
	var (
		cfg                      config
		ticker, layout, tz, port string
	)
	flags := flag.NewFlagSet("clock", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	flags.Usage = func() {}
	flags.StringVar(&cfg.engine, "engine", "goroutine", "`name` of the engine: sequential, goroutine or gnet")
	flags.StringVar(&ticker, "ticker", "", "`kind` of ticker: per-conn, or shared by all clients (default per-conn; shared for gnet)")
	flags.StringVar(&cfg.network, "network", "tcp", "`name` of the network: tcp, tcp4, tcp6 or unix")
	flags.StringVar(&cfg.addr, "addr", defaultAddr, "`address` to listen on: host:port, or the path of a unix socket")
	flags.StringVar(&port, "port", "", "`number` that overrides the port of -addr; 0 is any free one")
	flags.StringVar(&layout, "layout", clock.DefaultLayout, "`layout` of a line, as in Go's package time, or the name of one there, such as RFC1123")
	flags.StringVar(&tz, "tz", "Local", "time `zone`, such as Europe/Berlin")
	flags.DurationVar(&cfg.Interval, "interval", clock.DefaultInterval, "time from line to line")
	flags.IntVar(&cfg.MaxConns, "max-conns", 0, "most `clients` at once (default what the limits on open files and on memory leave room for)")
	flags.IntVar(&cfg.MaxPerIP, "max-conns-per-ip", 0, "most `clients` at once from one address; 0 is any number")
	flags.DurationVar(&cfg.WriteTimeout, "write-timeout", clock.DefaultWriteTimeout, "`time` after which a client that takes nothing is dropped")
	flags.IntVar(&cfg.SendBuffer, "send-buffer", clock.DefaultSendBuffer, "`bytes` that the kernel holds for a slow client")
	flags.DurationVar(&cfg.Drain, "drain", clock.DefaultDrain, "`time` that lines in flight are given when the server stops")
	flags.BoolVar(&cfg.version, "version", false, "print the version and exit")
	if err := flags.Parse(args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			fmt.Fprint(stdout, "Usage: clock [flags]\n\nClock writes the time to each client that connects, one line per interval.\n\n")
			flags.SetOutput(stdout)
			flags.PrintDefaults()
			return cfg, err
		}
		return cfg, fmt.Errorf("%s (clock -help lists the flags)", printable.Text(err.Error()))
	}
	if flags.NArg() > 0 {
		return cfg, fmt.Errorf("unexpected argument %q: clock takes flags only (clock -help lists them)", flags.Arg(0))
	}
	if err := cfg.setAddr(port); err != nil {
		return cfg, err
	}
	if err := cfg.setFace(layout, tz); err != nil {
		return cfg, err
	}
	return cfg, cfg.setServer(ticker)
}

// setAddr checks the network and the address, and puts the port into it.
func (c *config) setAddr(port string) error {
	if err := clock.CheckNetwork(c.network); err != nil {
		return err
	}
	if c.network == "unix" {
		switch {
		case port != "":
			return errors.New("a unix socket has no -port")
		case c.addr == defaultAddr, c.addr == "":
			return errors.New("a unix socket needs a path, such as -addr=/tmp/clock.sock")
		}
		return nil
	}
	host, addrPort, err := net.SplitHostPort(c.addr)
	if port == "" {
		port = addrPort
	} else if err != nil {
		host, err = strings.Trim(c.addr, "[]"), nil // -addr may be a host alone
	}
	if err != nil {
		return fmt.Errorf("address %q is not host:port: use one such as %s", c.addr, defaultAddr)
	}
	if n, err := strconv.Atoi(port); err != nil || n < 0 || n > 65535 {
		return fmt.Errorf("port %q: use a number from 0 to 65535", port)
	}
	c.addr = net.JoinHostPort(host, port)
	return nil
}

// setFace checks the layout and the zone.
func (c *config) setFace(layout, tz string) (err error) {
	if c.Face.Layout, err = clock.ParseLayout(layout); err != nil {
		return err
	}
	c.Face.Zone, err = clock.LoadZone(tz)
	return err
}

// setServer checks the engine and its options.
func (c *config) setServer(ticker string) (err error) {
	// What is 0 in the options is a default, which is not what a user means.
	for _, d := range []struct {
		name string
		time.Duration
	}{{"interval", c.Interval}, {"write timeout", c.WriteTimeout}, {"drain time", c.Drain}} {
		if d.Duration <= 0 {
			return fmt.Errorf("%s %v: use one greater than 0, such as 1s", d.name, d.Duration)
		}
	}
	if c.SendBuffer == 0 {
		return fmt.Errorf("send buffer of 0 bytes: at least %d", clock.MinSendBuffer)
	}
	c.Ticker = clock.TickerKind(ticker)
	c.server, err = engine.New(c.engine, c.Options)
	return err
}
