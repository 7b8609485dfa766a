// Package cmdtest is what the tests of the commands share: scripts that run a
// command as a user does, in a process that leaves no goroutine behind.
package cmdtest

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
	"go.uber.org/goleak"
)

// Main is for TestMain: it runs the tests of a command, whose main scripts can
// call by its name, and then looks for goroutines left behind, other than those
// to be ignored.
func Main(m *testing.M, name string, main func(), ignore ...goleak.Option) {
	testscript.Main(leakChecked{m, ignore}, map[string]func(){name: main})
}

type leakChecked struct {
	m      *testing.M
	ignore []goleak.Option
}

func (l leakChecked) Run() int {
	code := l.m.Run()
	if err := goleak.Find(l.ignore...); code == 0 && err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return code
}

// Exec runs "CODE PROGRAM [ARGS...]", demands that the exit code is CODE, such as
// 0, or one of several, such as 0|3, and returns it with what the program wrote.
func Exec(ts *testscript.TestScript, args []string) (code int, stdout, stderr string) {
	var exit *exec.ExitError
	if err := ts.Exec(args[1], args[2:]...); errors.As(err, &exit) {
		code = exit.ExitCode()
	} else {
		ts.Check(err)
	}
	if !slices.Contains(strings.Split(args[0], "|"), strconv.Itoa(code)) {
		ts.Fatalf("exit code %d, want %s", code, args[0])
	}
	return code, ts.ReadFile("stdout"), ts.ReadFile("stderr")
}

// Signal is a command of scripts: "signal NAME" sends SIGINT, SIGTERM or SIGKILL to what
// runs in the background.
func Signal(ts *testscript.TestScript, _ bool, args []string) {
	sig := map[string]syscall.Signal{"INT": syscall.SIGINT, "TERM": syscall.SIGTERM, "KILL": syscall.SIGKILL}[args[0]]
	for _, cmd := range ts.BackgroundCmds() {
		ts.Check(cmd.Process.Signal(sig))
	}
}

// TooFewFiles demands that a command that may hardly open a file says so in a
// line, in place of the dump with which Go ends a program that cannot wait.
func TooFewFiles(t *testing.T, name string, args ...string) {
	if runtime.GOOS == "windows" {
		t.Skip("there is no such limit")
	}
	for limit := 4; limit <= 10; limit++ {
		script := fmt.Sprintf(`ulimit -n %d && exec "$0" "$@"`, limit)
		out, err := exec.Command("sh", append([]string{"-c", script, name}, args...)...).CombinedOutput()
		var exit *exec.ExitError
		says := strings.HasPrefix(string(out), name+": too few open files: ") && strings.Count(string(out), "\n") == 1
		if !errors.As(err, &exit) || exit.ExitCode() != 1 || !says {
			t.Errorf("with %d files: %v, want exit code 1 and a line that says so: %s", limit, err, out)
		}
	}
}

// FuzzParse looks for arguments that make a command's parser panic, or whose
// error is not one line. The seeds are arguments, with spaces between them.
func FuzzParse(f *testing.F, parse func(args []string) error, seeds ...string) {
	for _, args := range append(seeds, "-help", "-no\nflag") {
		f.Add(args)
	}
	f.Fuzz(func(t *testing.T, args string) {
		err := parse(strings.Split(args, " "))
		if err == nil || errors.Is(err, flag.ErrHelp) {
			return
		}
		if msg := err.Error(); msg == "" || strings.Contains(msg, "\n") {
			t.Errorf("%q: the error is not one line: %q", args, msg)
		}
	})
}
