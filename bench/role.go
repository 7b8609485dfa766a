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
	"runtime"
	"syscall"
	"time"

	"clock"
	"clock/accept"
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
		err = serve(os.Stdin, os.Stdout)
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

// isolatedAddr is where a server listens that has a network namespace of its
// own: the address of the book's server.
const isolatedAddr = "127.0.0.1:8000"

// A serverSpec is what a server is told.
type serverSpec struct {
	Engine   string
	Ticker   clock.TickerKind
	Interval time.Duration
	Addr     string
	Census   time.Duration // how often to write the number of goroutines to standard output; 0 means never
}

// serve is the role of a server.
func serve(stdin io.Reader, stdout io.Writer) error {
	var spec serverSpec
	if err := json.NewDecoder(stdin).Decode(&spec); err != nil {
		return err
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, os.Interrupt)
	defer stop()
	ln, err := accept.Listen(ctx, "tcp", spec.Addr)
	if err != nil {
		return err
	}
	if spec.Census > 0 {
		go census(stdout, spec.Census)
	}
	face := clock.Face{Layout: layoutOf(spec.Interval)}
	if spec.Engine == record.FloorName {
		return (&floor.Server{Face: face, Interval: spec.Interval}).Serve(ctx, ln)
	}
	s, err := engine.New(spec.Engine, clock.Options{Face: face, Ticker: spec.Ticker, Interval: spec.Interval})
	if err != nil {
		return err
	}
	return s.Serve(ctx, ln)
}

// layoutOf returns the layout of the servers' lines: the book's, or one that
// tells the ticks apart.
func layoutOf(interval time.Duration) string {
	if interval < time.Second {
		return time.StampMicro
	}
	return clock.DefaultLayout
}

// census writes how many goroutines there are, a line each time, until nobody
// reads it. Nothing outside the process knows that number.
func census(stdout io.Writer, every time.Duration) {
	for range time.Tick(every) {
		if _, err := fmt.Fprintln(stdout, runtime.NumGoroutine()); err != nil {
			return
		}
	}
}

// A fleetSpec is what a fleet is told: a load.Config, as far as a comparison or
// a soak needs it.
type fleetSpec struct {
	Addr     string
	Conns    int
	AtOnce   bool // all connect at once
	Ticker   clock.TickerKind
	Interval time.Duration
	Warmup   time.Duration
	Duration time.Duration
	Stalled  float64
	Churn    float64
	Storm    bool
	Every    time.Duration // from one run to the next, without end; 0 means one run
}

func (s fleetSpec) config() load.Config {
	c := load.Config{
		Addr: s.Addr, Conns: s.Conns, Ticker: s.Ticker, Interval: s.Interval,
		Face:   clock.Face{Layout: layoutOf(s.Interval), Zone: time.UTC}, // as environ says
		Warmup: s.Warmup, Duration: s.Duration, Stalled: s.Stalled, Churn: s.Churn, Storm: s.Storm,
	}
	if s.AtOnce {
		c.Rate = load.AtOnce
	}
	return c
}

// A report is a line that a fleet writes: how a run goes, or its end. A run that
// was cut short may have both a result and an error.
type report struct {
	Progress *load.Progress `json:",omitempty"`
	Result   *load.Result   `json:",omitempty"`
	Error    string         `json:",omitempty"`
}

// sendFleet is the role of a fleet. An interrupt cuts its run short.
func sendFleet(stdin io.Reader, stdout io.Writer) error {
	var spec fleetSpec
	if err := json.NewDecoder(stdin).Decode(&spec); err != nil {
		return err
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	out := json.NewEncoder(stdout)
	config := spec.config()
	config.Watch = func(p load.Progress) { out.Encode(report{Progress: &p}) }
	for next := time.Now(); ; {
		result, err := load.Run(ctx, config)
		last := report{Result: result}
		if err != nil {
			last.Error = err.Error()
		}
		if err := out.Encode(last); err != nil || last.Error != "" || spec.Every == 0 {
			return err
		}
		for !next.After(time.Now()) { // a run that took too long has cost the next
			next = next.Add(spec.Every)
		}
		time.Sleep(time.Until(next))
	}
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
