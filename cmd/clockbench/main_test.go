package main

import (
	"bufio"
	"bytes"
	"context"
	"flag"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
	"go.uber.org/goleak"

	"clock"
	"clock/bench"
	"clock/cmd/internal/cmdtest"
	"clock/engine"
	"clock/internal/slowtest"
)

func TestMain(m *testing.M) {
	bench.Role()
	// The scripts wait for ticks most of the time: more of them run at once
	// than there are processors.
	flag.Set("test.parallel", "4")
	// Importing gnet starts its worker pool's two goroutines, which never end.
	cmdtest.Main(m, "clockbench", main, goleak.IgnoreCurrent())
}

// interval is that of the servers of the scripts. A fleet is behind, and its
// result inconclusive, if it is kept from its lines for half of that.
const interval = 500 * time.Millisecond

// layout is that of their lines.
const layout = time.StampMilli

// servers are those that each script has, by the variable that has the address.
var servers = map[string]struct {
	engine string
	clock.Options
}{
	"SHARED":  {"gnet", clock.Options{}},
	"PERCONN": {"goroutine", clock.Options{Face: clock.Face{Layout: clock.DefaultLayout}, Interval: time.Second}},
	// Its lines name ticks that are still to come.
	"AHEAD": {"gnet", clock.Options{Wall: func(now time.Time) time.Time { return now.Add(interval / 4) }}},
}

// TestScripts tells the behaviour of the command as a user sees it.
func TestScripts(t *testing.T) {
	t.Parallel()
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata",
		RequireExplicitExec: true,
		Condition: func(name string) (bool, error) {
			if name == "slow" {
				return slowtest.Wanted, nil
			}
			return false, fmt.Errorf("unknown condition %q", name)
		},
		Setup: func(env *testscript.Env) error {
			// With -race each process would sleep for a second at its end.
			env.Setenv("GORACE", "atexit_sleep_ms=0")
			results, err := filepath.Abs("../../bench/results")
			if err != nil {
				return err
			}
			env.Setenv("RESULTS", results)
			for name, s := range servers {
				addr, stop, err := serve("tcp", "127.0.0.1:0", s.engine, s.Options)
				if err != nil {
					return err
				}
				env.Defer(stop)
				env.Setenv(name, addr)
			}
			if runtime.GOOS == "linux" {
				addr, stop, err := serve("unix", "", "gnet", clock.Options{}) // the kernel finds a name
				if err != nil {
					return err
				}
				env.Defer(stop)
				env.Setenv("ABSTRACT", addr)
			}
			ln, err := net.Listen("tcp", "127.0.0.1:0")
			if err != nil {
				return err
			}
			env.Setenv("CLOSED", ln.Addr().String())
			return ln.Close()
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"exits":  exits,
			"signal": cmdtest.Signal,
			"await":  await,
			"ticks":  ticks,
		},
	})
}

// serve serves the options, with the layout and the interval of this file where
// they have none, until stop is called.
func serve(network, address, name string, o clock.Options) (addr string, stop func(), err error) {
	if o.Face.Layout == "" {
		o.Face.Layout = layout
	}
	if o.Interval == 0 {
		o.Interval = interval
	}
	s, err := engine.New(name, o)
	if err != nil {
		return "", nil, err
	}
	ln, err := net.Listen(network, address)
	if err != nil {
		return "", nil, err
	}
	ctx, cancel := context.WithCancel(context.Background())
	served := make(chan struct{})
	go func() {
		defer close(served)
		s.Serve(ctx, ln)
	}()
	return ln.Addr().String(), func() { cancel(); <-served }, nil
}

// exits CODE PROGRAM [ARGS...]: the exit code is CODE, or one of several, as in
// 0|3. An error ends what is on stderr; one of usage is a single line, with
// nothing on stdout.
func exits(ts *testscript.TestScript, _ bool, args []string) {
	code, stdout, stderr := cmdtest.Exec(ts, args)
	for line := range strings.Lines(stderr) {
		if !strings.HasPrefix(line, "clockbench") {
			ts.Fatalf("stderr has a line that is not from clockbench: %q", line)
		}
	}
	switch {
	case code != 0 && stderr == "":
		ts.Fatalf("exit code %d without a word", code)
	case code == exitUsage && (strings.Count(stderr, "\n") != 1 || stdout != ""):
		ts.Fatalf("a usage error is not one line: stdout %q, stderr %q", stdout, stderr)
	}
}

// await FILE TEXT: waits until the file has the text in it.
func await(ts *testscript.TestScript, _ bool, args []string) {
	for deadline := time.Now().Add(time.Minute); ; time.Sleep(time.Millisecond) {
		data, err := os.ReadFile(ts.MkAbs(args[0]))
		if err == nil && strings.Contains(string(data), args[1]) {
			return
		}
		if time.Now().After(deadline) {
			ts.Fatalf("%s has no %q: %v\n%s", args[0], args[1], err, data)
		}
	}
}

// ticks N ADDRESS: waits until a client of the server has seen N of its lines.
func ticks(ts *testscript.TestScript, _ bool, args []string) {
	n, err := strconv.Atoi(args[0])
	ts.Check(err)
	conn, err := net.Dial("tcp", args[1])
	ts.Check(err)
	defer conn.Close()
	ts.Check(conn.SetReadDeadline(time.Now().Add(time.Minute)))
	for lines := bufio.NewScanner(conn); n > 0; n-- {
		if !lines.Scan() {
			ts.Fatalf("%d lines are still to come: %v", n, lines.Err())
		}
	}
}

// TestHelpAndManualAgree holds the descriptions of the flags together.
func TestHelpAndManualAgree(t *testing.T) {
	doc, err := os.ReadFile("doc.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range commands {
		var help bytes.Buffer
		if code := run(t.Context(), []string{c.name, "-help"}, &help, io.Discard); code != 0 {
			t.Errorf("%s -help: exit code %d", c.name, code)
		}
		_, manual, _ := strings.Cut(string(doc), "\n# "+strings.ToUpper(c.name[:1])+c.name[1:]+"\n")
		manual, _, found := strings.Cut(manual, "\n# ")
		if !found {
			t.Errorf("the package comment has no section on %s", c.name)
		}
		flags := make(map[string]bool)
		for line := range strings.Lines(help.String()) {
			if name, ok := strings.CutPrefix(line, "  -"); ok {
				name = strings.Fields(name)[0]
				flags[name] = true
				if !strings.Contains(manual, "\n\t-"+name+"\n") && !strings.Contains(manual, "\n\t-"+name+" ") {
					t.Errorf("the package comment does not describe -%s of %s", name, c.name)
				}
			}
		}
		for line := range strings.Lines(manual) {
			if name, ok := strings.CutPrefix(line, "\t-"); ok && !flags[strings.Fields(name)[0]] {
				t.Errorf("%s has no flag -%s, which the package comment describes", c.name, strings.TrimSpace(name))
			}
		}
		if len(flags) == 0 {
			t.Errorf("%s -help lists no flags:\n%s", c.name, &help)
		}
	}
}

func TestTooFewFilesAreALine(t *testing.T) {
	cmdtest.TooFewFiles(t, "clockbench", "load", "-addr=127.0.0.1:1")
}
