package main

import (
	"io"
	"os"
	"runtime"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"clock/cmd/internal/cmdtest"
)

func TestMain(m *testing.M) {
	cmdtest.Main(m, "netcat", main)
}

// TestScripts runs testdata/*.txt. Each script has servers of its own, whose
// addresses are in $TICKING, $ENDING, ...
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata",
		RequireExplicitExec: true,
		Setup: func(env *testscript.Env) error {
			// With -race each process would sleep for a second at its end.
			env.Setenv("GORACE", "atexit_sleep_ms=0")
			for name, behave := range behaviours {
				s, err := serve("tcp", "127.0.0.1:0", behave)
				if err != nil {
					return err
				}
				env.Defer(func() { s.Close() })
				env.Setenv(name, s.Addr().String())
				env.Values[name] = s
			}
			env.Setenv("CLOSED", closedAddress(t))

			// A path short enough for a socket's address, as $WORK may not be.
			dir, err := os.MkdirTemp("", "netcat")
			if err != nil {
				return err
			}
			env.Defer(func() { os.RemoveAll(dir) })
			env.Setenv("SOCKET", dir+"/clock.sock")
			s, err := serve("unix", dir+"/clock.sock", behaviours["ENDING"])
			if err != nil {
				return err
			}
			env.Defer(func() { s.Close() })
			if runtime.GOOS != "linux" {
				return nil
			}
			abstract, err := serve("unix", "", behaviours["ENDING"]) // the kernel finds a name
			if err != nil {
				return err
			}
			env.Defer(func() { abstract.Close() })
			env.Setenv("ABSTRACT", abstract.Addr().String())
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"exits":   exits,
			"accepts": accepts,
			"signal":  cmdtest.Signal,
		},
	})
}

// exits CODE PROGRAM [ARGS...]: the exit code is CODE, and an error is one
// line on stderr, prefixed by the program, with nothing on stdout for a usage
// error.
func exits(ts *testscript.TestScript, neg bool, args []string) {
	code, stdout, stderr := cmdtest.Exec(ts, args)
	prefixed := strings.HasPrefix(stderr, args[1]+": ")
	switch {
	case code == 0 && stderr != "":
		ts.Fatalf("stderr %q from a good run", stderr)
	case code != 0 && !(prefixed && strings.Count(stderr, "\n") == 1):
		ts.Fatalf("stderr is not one line from %s: %q", args[1], stderr)
	case code == 2 && stdout != "":
		ts.Fatalf("stdout %q from a usage error", stdout)
	}
}

// accepts SERVER: waits until the server has a client.
func accepts(ts *testscript.TestScript, neg bool, args []string) {
	<-ts.Value(args[0]).(*server).accepted
}

func TestTooFewFilesAreALine(t *testing.T) {
	cmdtest.TooFewFiles(t, "netcat", "127.0.0.1:1")
}

// What a terminal would obey is quoted, wherever in an error it comes from.
func TestErrorsHaveNoControlSequences(t *testing.T) {
	var stderr strings.Builder
	code := run(t.Context(), []string{"-network=unix", "/nowhere/\x1b[2J"}, io.Discard, &stderr)
	const want = `netcat: "cannot connect to /nowhere/\x1b[2J: `
	if code != 1 || !strings.HasPrefix(stderr.String(), want) {
		t.Errorf("exit code %d, %q; want 1, %q", code, &stderr, want)
	}
}
