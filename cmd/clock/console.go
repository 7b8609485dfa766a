package main

import (
	"fmt"
	"io"
	"log/slog"
	"net"

	"clock"
	"clock/cmd/internal/printable"
)

// setLogFormat checks the format of what is said on standard error.
func (c *config) setLogFormat() error {
	if c.logFormat != "text" && c.logFormat != "json" {
		return fmt.Errorf("unknown log format %q: use text or json", c.logFormat)
	}
	return nil
}

// A console is standard error of a server that runs. It is for people, or else
// each line is a JSON object, whoever says it.
type console struct {
	log  *slog.Logger
	text io.Writer // nil if all is JSON
}

func newConsole(format string, stderr io.Writer) *console {
	if format == "json" {
		return &console{log: slog.New(slog.NewJSONHandler(stderr, nil))}
	}
	return &console{log: slog.New(slog.NewTextHandler(stderr, nil)), text: stderr}
}

// that says what whoever has started the server should know: to people in a
// sentence, in JSON as a record of its own name with fields.
func (c *console) that(sentence, record string, fields ...any) {
	if c.text == nil {
		c.log.Info(record, fields...)
		return
	}
	fmt.Fprintf(c.text, "clock: %s\n", sentence)
}

// limits says where more clients were asked for than there is room for: no more
// than files allow are let in, while memory is an estimate.
func (c *console) limits(cfg config) {
	asked, most := cfg.MaxConns, cfg.server.MaxConns
	if asked > most {
		c.that(fmt.Sprintf("-max-conns=%d is more than the limit on open files leaves room for: serving at most %d clients; to serve more, raise that limit (ulimit -n)", asked, most),
			"too few files", "max_conns_asked", asked, "max_conns", most)
	}
	switch room, err := clock.MemoryLimit(); {
	case err != nil:
		c.log.Warn("cannot tell how much memory the control group leaves, and take it for enough", slog.Any("error", err))
	case most > room:
		c.that(fmt.Sprintf("%d clients may need more memory than the control group has, which is enough for about %d: lower -max-conns, or raise the group's limit", most, room),
			"too little memory", "max_conns", most, "max_conns_by_memory", room)
	}
}

// serving says what is served, and returns the sentence.
func (c *console) serving(cfg config, addr net.Addr) string {
	o := cfg.server.Options
	sentence := fmt.Sprintf("serving on %s %s, %s %s every %v (engine %s, ticker %s, at most %d clients)",
		addr.Network(), addr, o.Face.Layout, o.Face.Zone, o.Interval, cfg.engine, o.Ticker, o.MaxConns)
	c.that(sentence, "serving",
		"network", addr.Network(), "address", addr.String(), "layout", o.Face.Layout, "zone", o.Face.Zone.String(),
		"interval", o.Interval.String(), "engine", cfg.engine, "ticker", o.Ticker, "max_conns", o.MaxConns)
	return sentence
}

// stopped says what the server has done.
func (c *console) stopped(s *clock.Stats) {
	sent, dropped, clients := s.Sent.Load(), s.Dropped.Load(), s.Accepted.Load()
	c.that(fmt.Sprintf("stopped after %d lines to %d clients, %d lines dropped", sent, clients, dropped), "stopped",
		"lines_sent", sent, "clients", clients, "lines_dropped", dropped)
}

// failure says why the command fails.
func (c *console) failure(err error) {
	if c.text == nil {
		c.log.Error("failed", slog.Any("error", err))
		return
	}
	fmt.Fprintf(c.text, "clock: %s\n", printable.Text(err.Error()))
}
