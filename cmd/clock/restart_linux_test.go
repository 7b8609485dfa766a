package main

import (
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// startsAgain says whether systemd starts clock again after such an end, by
// Restart= and RestartPreventExitStatus= of the unit (systemd.service(5)).
func startsAgain(t *testing.T, end syscall.WaitStatus) bool {
	t.Helper()
	if restart := option(t, "Restart"); restart != "always" {
		t.Fatalf("Restart=%s, want always: systemd takes some signals for a good end", restart)
	}
	final := strings.Fields(option(t, "RestartPreventExitStatus"))
	return !end.Exited() || !slices.Contains(final, strconv.Itoa(end.ExitStatus()))
}

// TestOnlyWrongFlagsAreFinal: whatever ends clock, systemd starts it again, but
// not with flags that clock does not understand. A crash of a Go program must
// not look like those.
func TestOnlyWrongFlagsAreFinal(t *testing.T) {
	kill := func(sig syscall.Signal) func(*testing.T, *process) {
		return func(t *testing.T, p *process) {
			if err := p.cmd.Process.Signal(sig); err != nil {
				t.Fatal(err)
			}
		}
	}
	type test struct {
		name  string
		crash string
		end   func(*testing.T, *process) // nil means that the crash is all
	}
	tests := []test{
		{name: "aborted by the watchdog", end: kill(syscall.SIGABRT)},
		{name: "segmentation fault", end: kill(syscall.SIGSEGV)},
		{name: "killed for want of memory", end: kill(syscall.SIGKILL)},
		{name: "told to stop by somebody else", end: kill(syscall.SIGTERM)},
		{name: "terminal hung up", end: kill(syscall.SIGHUP)},
	}
	for name := range crashes {
		tests = append(tests, test{name: name, crash: name})
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			cmd := withoutCore("-port=0")
			cmd.Env = append(cmd.Environ(), crashVariable+"="+tt.crash)
			stdin, err := cmd.StdinPipe()
			if err != nil {
				t.Fatal(err)
			}
			p := startCommand(t, cmd)
			if tt.end != nil {
				tt.end(t, p)
			} else if err := stdin.Close(); err != nil {
				t.Fatal(err)
			}
			select {
			case <-p.ended:
			case <-time.After(patience):
				t.Fatal("clock does not end")
			}
			checkEnd(t, p.cmd, true)
		})
	}

	for name, tt := range map[string]struct {
		flag  string
		again bool
	}{
		"cannot serve": {"-addr=192.0.2.1:8000", true},
		"wrong flag":   {"-colour=red", false},
		"wrong value":  {"-engine=cuckoo", false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cmd := withoutCore(tt.flag)
			if err := cmd.Run(); err == nil {
				t.Error("clock says that all is well")
			}
			checkEnd(t, cmd, tt.again)
		})
	}
}

// withoutCore is a clock that leaves no core where it dies, as in the unit.
func withoutCore(flags ...string) *exec.Cmd {
	return exec.Command("sh", append([]string{"-c", `ulimit -c 0; exec clock "$@"`, "sh"}, flags...)...)
}

func checkEnd(t *testing.T, cmd *exec.Cmd, again bool) {
	t.Helper()
	if got := startsAgain(t, cmd.ProcessState.Sys().(syscall.WaitStatus)); got != again {
		t.Errorf("after %v, systemd starts clock again: %t, want %t", cmd.ProcessState, got, again)
	}
}
