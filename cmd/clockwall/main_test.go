package main

import (
	"io"
	"net"
	"os"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"clock/cmd/internal/cmdtest"
)

func TestMain(m *testing.M) {
	cmdtest.Main(m, "clockwall", main)
}

// TestScripts runs testdata/*.txt. Each script has clocks of its own, at
// $CLOCK and at the Unix socket $SOCKET; nothing listens at $CLOSED.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata",
		RequireExplicitExec: true,
		Setup: func(env *testscript.Env) error {
			// With -race each process would sleep for a second at its end.
			env.Setenv("GORACE", "atexit_sleep_ms=0")

			accepted := make(chan struct{}, 100)
			env.Values["accepted"] = accepted
			clock, err := serveTime("tcp", "127.0.0.1:0", accepted)
			if err != nil {
				return err
			}
			env.Defer(func() { clock.Close() })
			env.Setenv("CLOCK", clock.Addr().String())

			// A path short enough for a socket's address, as $WORK may not be.
			dir, err := os.MkdirTemp("", "clockwall")
			if err != nil {
				return err
			}
			env.Defer(func() { os.RemoveAll(dir) })
			socket, err := serveTime("unix", dir+"/clock.sock", accepted)
			if err != nil {
				return err
			}
			env.Defer(func() { socket.Close() })
			env.Setenv("SOCKET", socket.Addr().String())
			if runtime.GOOS == "linux" {
				abstract, err := serveTime("unix", "", accepted) // the kernel finds a name
				if err != nil {
					return err
				}
				env.Defer(func() { abstract.Close() })
				env.Setenv("ABSTRACT", abstract.Addr().String())
			}

			closed, err := net.Listen("tcp", "127.0.0.1:0")
			if err != nil {
				return err
			}
			env.Setenv("CLOSED", closed.Addr().String())
			return closed.Close()
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"exits":   exits,
			"accepts": accepts,
			"signal":  cmdtest.Signal,
		},
	})
}

// serveTime starts a server that writes the time, often, to each client for as
// long as it takes it.
func serveTime(network, address string, accepted chan<- struct{}) (net.Listener, error) {
	listener, err := net.Listen(network, address)
	if err != nil {
		return nil, err
	}
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			accepted <- struct{}{}
			go func() {
				defer conn.Close()
				for err == nil {
					_, err = io.WriteString(conn, time.Now().Format("15:04:05\n"))
					time.Sleep(10 * time.Millisecond)
				}
			}()
		}
	}()
	return listener, nil
}

// exits CODE PROGRAM [ARGS...]: the exit code is CODE. Each line on stderr is
// prefixed by the program; for a usage error there is one, and no stdout.
func exits(ts *testscript.TestScript, neg bool, args []string) {
	code, stdout, stderr := cmdtest.Exec(ts, args)
	for line := range strings.Lines(stderr) {
		if !strings.HasPrefix(line, args[1]+": ") {
			ts.Fatalf("stderr line without prefix: %q", line)
		}
	}
	if (code == 0) != (stderr == "") {
		ts.Fatalf("exit code %d with stderr %q", code, stderr)
	}
	if code == 2 && (strings.Count(stderr, "\n") != 1 || stdout != "") {
		ts.Fatalf("a usage error printed %q and %q", stderr, stdout)
	}
}

// accepts: waits until one more client has come to a clock.
func accepts(ts *testscript.TestScript, neg bool, args []string) {
	<-ts.Value("accepted").(chan struct{})
}

func TestTooFewFilesAreALine(t *testing.T) {
	cmdtest.TooFewFiles(t, "clockwall", "-once", "A=127.0.0.1:1")
}
