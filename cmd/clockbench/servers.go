package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"clock"
	"clock/bench/record"
)

// ours are the servers of this module, in the order in which they are listed.
// The sequential one is left out: it has one client.
var ours = []record.Variant{
	{Name: record.FloorName, Engine: record.FloorName, Ticker: clock.Shared},
	{Name: "goroutine/per-conn", Engine: "goroutine", Ticker: clock.PerConn},
	{Name: "goroutine/shared", Engine: "goroutine", Ticker: clock.Shared},
	{Name: "gnet/per-conn", Engine: "gnet", Ticker: clock.PerConn},
	{Name: "gnet/shared", Engine: "gnet", Ticker: clock.Shared},
}

// serverUsage is how to name a server, for -help.
var serverUsage = ourNames() + "; or one of another make, as NAME='COMMAND {addr}', or NAME:shared='...' if it has a shared ticker"

// ourNames lists the names of our servers.
func ourNames() string {
	var list []string
	for _, v := range ours {
		list = append(list, v.Name)
	}
	return strings.Join(list, ", ")
}

// parseServer reads the name of one of our servers, or one of another make:
// NAME=COMMAND or NAME:TICKER=COMMAND.
func parseServer(s string) (record.Variant, error) {
	name, command, foreign := strings.Cut(s, "=")
	if !foreign {
		i := slices.IndexFunc(ours, func(v record.Variant) bool { return v.Name == name })
		if i < 0 {
			return record.Variant{}, fmt.Errorf("unknown server %q: use %s, or NAME='COMMAND {addr}' for one of another make", s, ourNames())
		}
		return ours[i], nil
	}
	name, ticker, hasTicker := strings.Cut(name, ":")
	v := record.Variant{Name: name, Ticker: clock.PerConn, Command: command}
	if name == "" || command == "" {
		return v, errors.New("give NAME='COMMAND {addr}', such as mine='./mine -listen {addr}'")
	}
	if hasTicker {
		kind, err := parseTicker(ticker)
		if err != nil {
			return v, fmt.Errorf("unknown ticker %q: %w", ticker, err)
		}
		v.Ticker = kind
	}
	return v, nil
}
