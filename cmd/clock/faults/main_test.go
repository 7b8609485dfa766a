//go:build linux && faults

package faults

import (
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// clockCommand is the path of the clock command that TestMain has built.
var clockCommand string

// parallel is the number of tests that run at once where they mostly wait.
const parallel = "16"

func TestMain(m *testing.M) {
	if addr := os.Getenv(clientRole); addr != "" {
		os.Exit(readLines(addr))
	}
	flag.Parse()
	if !isSet("test.parallel") {
		_ = flag.Set("test.parallel", parallel)
	}
	os.Exit(runWithClock(m))
}

func isSet(name string) (set bool) {
	flag.Visit(func(f *flag.Flag) { set = set || f.Name == name })
	return set
}

// runWithClock builds the command, for any user to run, and runs the tests.
func runWithClock(m *testing.M) int {
	dir, err := os.MkdirTemp("", "faults")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(dir)
	if err := os.Chmod(dir, 0o755); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	clockCommand = filepath.Join(dir, "clock")
	if out, err := exec.Command("go", "build", "-o", clockCommand, "clock/cmd/clock").CombinedOutput(); err != nil {
		fmt.Fprintf(os.Stderr, "cannot build the clock command: %v\n%s", err, out)
		return 1
	}
	return m.Run()
}
