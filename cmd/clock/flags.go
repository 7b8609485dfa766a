package main

import (
	"cmp"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"slices"
	"strconv"
	"strings"
	"time"

	"clock"
	"clock/accept"
	"clock/address"
	"clock/cmd/internal/printable"
	"clock/engine"
)

// defaultAddr is the address of the book's server.
const defaultAddr = "localhost:8000"

// whereFlags are the flags that say where to listen.
var whereFlags = []string{"network", "addr", "port", "reuseport"}

// A config is what the flags say.
type config struct {
	clock.Options
	engine  string
	network string
	addr    string
	socket  accept.ListenConfig
	where   []string // the flags given that say where to listen
	version bool
	admin   string         // address of the admin server; "" for none
	server  *engine.Server // serves what the rest says

	ticker, layout, tz, port string // as typed
	logFormat                string // text or json
}

// flags returns the flags that set c. What each is for is in the manual.
func (c *config) flags() *flag.FlagSet {
	flags := flag.NewFlagSet("clock", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	flags.Usage = func() {}
	flags.StringVar(&c.engine, "engine", "goroutine", "")
	flags.StringVar(&c.ticker, "ticker", "", "")

	flags.StringVar(&c.network, "network", "tcp", "")
	flags.StringVar(&c.addr, "addr", defaultAddr, "")
	flags.StringVar(&c.port, "port", "", "")
	flags.BoolVar(&c.socket.ReusePort, "reuseport", false, "")

	flags.StringVar(&c.layout, "layout", clock.DefaultLayout, "")
	flags.StringVar(&c.tz, "tz", "Local", "")
	flags.DurationVar(&c.Interval, "interval", clock.DefaultInterval, "")

	flags.IntVar(&c.MaxConns, "max-conns", 0, "")
	flags.IntVar(&c.MaxPerIP, "max-conns-per-ip", 0, "")
	flags.DurationVar(&c.WriteTimeout, "write-timeout", clock.DefaultWriteTimeout, "")
	flags.IntVar(&c.SendBuffer, "send-buffer", clock.DefaultSendBuffer, "")
	flags.DurationVar(&c.Drain, "drain", clock.DefaultDrain, "")

	flags.StringVar(&c.admin, "admin", "", "")
	flags.StringVar(&c.logFormat, "log-format", "text", "")

	flags.BoolVar(&c.version, "version", false, "")
	return flags
}

// parse reads the flags. Its errors are the user's. For -help it prints the
// manual to stdout and returns flag.ErrHelp.
func parse(args []string, stdout io.Writer) (config, error) {
	var cfg config
	flags := cfg.flags()
	if err := flags.Parse(args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			printManual(stdout)
			return cfg, err
		}
		return cfg, fmt.Errorf("%s (clock -help lists the flags)", printable.Text(err.Error()))
	}
	if flags.NArg() > 0 {
		return cfg, fmt.Errorf("unexpected argument %q: clock takes flags only (clock -help lists them)", flags.Arg(0))
	}
	flags.Visit(func(f *flag.Flag) {
		if slices.Contains(whereFlags, f.Name) {
			cfg.where = append(cfg.where, "-"+f.Name)
		}
	})
	if err := cfg.setAddr(); err != nil {
		return cfg, err
	}
	if err := cfg.setAdmin(); err != nil {
		return cfg, err
	}
	if err := cfg.setLogFormat(); err != nil {
		return cfg, err
	}
	if err := cfg.setFace(); err != nil {
		return cfg, err
	}
	return cfg, cfg.setServer()
}

// setAddr checks the network and the address, and puts the port into it.
func (c *config) setAddr() error {
	if err := address.CheckNetwork(c.network); err != nil {
		return err
	}
	if c.network == "unix" {
		switch {
		case c.port != "":
			return errors.New("a unix socket has no -port")
		case c.socket.ReusePort:
			return errors.New("a unix socket has no port to share: -reuseport needs tcp")
		case c.addr == defaultAddr, c.addr == "":
			return errors.New("a unix socket needs a path, such as -addr=/tmp/clock.sock")
		}
		return address.Check(c.network, c.addr)
	}
	host, addrPort, err := net.SplitHostPort(c.addr)
	port := cmp.Or(c.port, addrPort)
	if err != nil && c.port != "" {
		host, err = strings.Trim(c.addr, "[]"), nil // -addr may be a host alone
	}
	if err != nil {
		return fmt.Errorf("address %q is not host:port: use one such as %s", c.addr, defaultAddr)
	}
	if err := checkPort(port); err != nil {
		return err
	}
	c.addr = net.JoinHostPort(host, port)
	return nil
}

func checkPort(port string) error {
	if n, err := strconv.Atoi(port); err != nil || n < 0 || n > 65535 {
		return fmt.Errorf("port %q: use a number from 0 to 65535", port)
	}
	return nil
}

// setFace checks the layout and the zone.
func (c *config) setFace() (err error) {
	if c.Face.Layout, err = clock.ParseLayout(c.layout); err != nil {
		return err
	}
	c.Face.Zone, err = clock.LoadZone(c.tz)
	return err
}

// setServer checks the engine and its options.
func (c *config) setServer() (err error) {
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
	c.Ticker = clock.TickerKind(c.ticker)
	c.server, err = engine.New(c.engine, c.Options)
	return err
}
