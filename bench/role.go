package bench

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"syscall"
	"time"

	"clock"
	"clock/bench/floor"
	"clock/bench/load"
	"clock/bench/record"
	"clock/engine"
)

// roleVariable is the variable of the environment that tells a process the
// role it was started for.
const roleVariable = "CLOCKBENCH_ROLE"

// The roles.
const (
	serverRole = "server"
	fleetRole  = "fleet"
)

// Role plays the part of a server or of a fleet, if this process was started
// for it, and does not return then. Call it first in main and in TestMain.
func Role() {
	role := os.Getenv(roleVariable)
	if role == "" {
		return
	}
	var err error
	switch role {
	case serverRole:
		err = serve(os.Stdin)
	case fleetRole:
		err = sendFleet(os.Stdin, os.Stdout)
	default:
		err = fmt.Errorf("unknown role %q in %s", role, roleVariable)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(0)
}

// roleCommand returns a command that starts this executable again in a role,
// with the spec as its standard input.
func roleCommand(role string, spec any) (*exec.Cmd, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	input, err := json.Marshal(spec)
	if err != nil {
		return nil, err
	}
	cmd := exec.Command(self)
	cmd.Env = append(environ(), roleVariable+"="+role)
	cmd.Stdin = bytes.NewReader(input)
	return cmd, nil
}

// A serverSpec is what a server is told.
type serverSpec struct {
	Engine   string
	Ticker   clock.TickerKind
	Interval time.Duration
	Addr     string
}

// serve is the role of a server.
func serve(stdin io.Reader) error {
	var spec serverSpec
	if err := json.NewDecoder(stdin).Decode(&spec); err != nil {
		return err
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, os.Interrupt)
	defer stop()
	ln, err := clock.Listen(ctx, "tcp", spec.Addr)
	if err != nil {
		return err
	}
	if spec.Engine == record.FloorName {
		return (&floor.Server{Interval: spec.Interval}).Serve(ctx, ln)
	}
	s, err := engine.New(spec.Engine, clock.Options{Ticker: spec.Ticker, Interval: spec.Interval})
	if err != nil {
		return err
	}
	return s.Serve(ctx, ln)
}

// A fleetSpec is what a fleet is told: a load.Config, as far as a comparison
// needs it.
type fleetSpec struct {
	Addr     string
	Conns    int
	AtOnce   bool // all connect at once
	Ticker   clock.TickerKind
	Interval time.Duration
	Warmup   time.Duration
	Duration time.Duration
	Stalled  float64
	Storm    bool
}

// A report is a line that a fleet writes: how it goes, or the end.
type report struct {
	Progress *load.Progress `json:",omitempty"`
	Result   *load.Result   `json:",omitempty"`
	Error    string         `json:",omitempty"`
}

// sendFleet is the role of a fleet.
func sendFleet(stdin io.Reader, stdout io.Writer) error {
	var spec fleetSpec
	if err := json.NewDecoder(stdin).Decode(&spec); err != nil {
		return err
	}
	out := json.NewEncoder(stdout)
	config := load.Config{
		Addr: spec.Addr, Conns: spec.Conns, Ticker: spec.Ticker, Interval: spec.Interval,
		Face:   clock.Face{Zone: time.UTC}, // as environ says
		Warmup: spec.Warmup, Duration: spec.Duration, Stalled: spec.Stalled, Storm: spec.Storm,
		Watch: func(p load.Progress) { out.Encode(report{Progress: &p}) },
	}
	if spec.AtOnce {
		config.Rate = load.AtOnce
	}
	result, err := load.Run(context.Background(), config)
	last := report{Result: result}
	if err != nil {
		last.Error = err.Error()
	}
	return out.Encode(last)
}

// reports yields what a fleet writes, until its end.
func reports(stdout io.Reader) func(yield func(report, error) bool) {
	return func(yield func(report, error) bool) {
		in := json.NewDecoder(bufio.NewReader(stdout))
		for {
			var r report
			err := in.Decode(&r)
			if err == io.EOF || !yield(r, err) || err != nil {
				return
			}
		}
	}
}

// environ is the environment of the processes that are measured: this one's,
// in UTC, which is where the fleet takes the lines to be from.
func environ() []string { return append(os.Environ(), "TZ=UTC") }
