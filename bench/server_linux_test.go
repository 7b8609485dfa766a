package bench

import (
	"fmt"
	"net/netip"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"clock"
	"clock/bench/record"
)

// inTrial calls f where the processes of a trial run, with a trial of a server
// of another make.
func inTrial(t *testing.T, command string, f func(trial)) {
	t.Helper()
	trial := trialOf(t, record.Variant{Name: "x", Command: command, Ticker: clock.PerConn}, fleetSpec{})
	if err := inPlace(trial.isolated, func() error { f(trial); return nil }); err != nil {
		t.Fatal(err)
	}
}

// ends fails unless a process ends soon.
func ends(t *testing.T, pid int) {
	t.Helper()
	for deadline := time.Now().Add(10 * time.Second); unix.Kill(pid, 0) == nil && !isZombie(pid); time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Errorf("process %d lives on", pid)
			return
		}
	}
}

// TestACommandIsWhatAShellTakes: however the server comes to be started, it is
// what is measured, and is ended.
func TestACommandIsWhatAShellTakes(t *testing.T) {
	t.Parallel()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	server := self + " " + strange + " {addr}"
	for name, command := range map[string]string{
		"a program":          server,
		"exec":               "exec " + server,
		"a variable":         "GOMAXPROCS=1 " + server,
		"a folder":           "cd / && " + server,
		"a shell that waits": server + "; true",
		"a background job":   server + " & wait",
		"another shell":      "sh -c '" + server + "; true'; true",
		"a pipe":             server + " | cat",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inTrial(t, command, func(trial trial) {
				p, addr, err := trial.startServer()
				if err != nil {
					t.Error(err)
					return
				}
				if err := p.awaitListener(t.Context(), addr); err != nil {
					t.Error(err)
				}
				pids, err := p.group.members()
				cpu, _ := p.group.processorTime()
				if err != nil || cpu <= 0 {
					t.Errorf("processes %v, processor time %v, error %v", pids, cpu, err)
				}
				p.kill()
				for _, pid := range pids {
					ends(t, pid)
				}
			})
		})
	}
}

// TestAServerInTheBackgroundIsRefused: nobody could measure it. It is ended all
// the same.
func TestAServerInTheBackgroundIsRefused(t *testing.T) {
	t.Parallel()
	if !canIsolate() {
		t.Skip("without a network namespace the server would stay")
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	pidFile := t.TempDir() + "/pid"
	addr := netip.MustParseAddrPort(isolatedAddr)
	command := fmt.Sprintf("setsid sh -c 'echo $$ >%s; exec %s %s {addr}' & until grep -q :%04X /proc/net/tcp; do sleep 0.01; done", pidFile, self, strange, addr.Port())
	inTrial(t, command, func(trial trial) {
		p, addr, err := trial.startServer()
		if err != nil {
			t.Error(err)
			return
		}
		defer p.kill()
		if err := p.awaitListener(t.Context(), addr); err == nil || !strings.Contains(err.Error(), "keep it in the foreground") {
			t.Errorf("error %v", err)
		}
	})
	text, err := os.ReadFile(pidFile)
	if err != nil {
		t.Fatal(err)
	}
	pid, err := strconv.Atoi(strings.TrimSpace(string(text)))
	if err != nil {
		t.Fatal(err)
	}
	ends(t, pid)
}

// TestTimeOfChildrenThatHaveEndedCounts: a server may have processes that come
// and go.
func TestTimeOfChildrenThatHaveEndedCounts(t *testing.T) {
	t.Parallel()
	inTrial(t, "sh -c 'i=0; while test $i -lt 300000; do i=$((i+1)); done'; : {addr}; sleep 1000; true", func(trial trial) {
		p, _, err := trial.startServer()
		if err != nil {
			t.Error(err)
			return
		}
		defer p.kill()
		var cpu time.Duration
		for deadline := time.Now().Add(30 * time.Second); ; time.Sleep(10 * time.Millisecond) {
			if cpu, err = childrenTime(int(p.group)); err != nil || cpu > 0 || time.Now().After(deadline) {
				break
			}
		}
		if all, err := p.group.processorTime(); err != nil || cpu <= 0 || all < cpu {
			t.Errorf("children took %v, the group %v, error %v", cpu, all, err)
		}
	})
}
