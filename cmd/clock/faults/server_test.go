//go:build linux && faults

package faults

import (
	"bytes"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"
)

// layout is the layout of the servers' lines: it names instants to the
// nanosecond, so that two lines differ unless they are the same.
const layout = "2006-01-02T15:04:05.000000000"

// A command is a clock command to be started.
type command struct {
	variant
	flags   []string // besides those for the variant; the last one of a name counts
	through []string // the command and its arguments that start it, such as prlimit
	in      *place   // nil means the network of this machine
	stderr  *os.File // nil means that it is kept, in process.stderr
}

// start starts a clock of a variant that listens on a free port of 127.0.0.1,
// unless flags say otherwise, in UTC and in layout.
func start(t *testing.T, v variant, flags ...string) *process {
	t.Helper()
	return command{variant: v, flags: flags}.start(t)
}

// start starts the command and waits until it serves.
func (c command) start(t *testing.T) *process {
	t.Helper()
	p := c.launch(t)
	p.awaitServing(t)
	return p
}

// launch starts the command, and kills it at the end of the test.
func (c command) launch(t *testing.T) *process {
	t.Helper()
	args := append(append([]string{}, c.through...), clockCommand,
		"-engine="+c.engine, "-ticker="+string(c.ticker), "-addr=127.0.0.1:0", "-tz=UTC", "-layout="+layout)
	return launch(t, c.in, c.stderr, append(args, c.flags...)...)
}

// A process is a child of this one, the leader of a process group.
type process struct {
	pid    int
	place  *place
	stderr words

	network, addr string // where it serves, if it is a clock that does

	exited chan struct{} // closed when it has ended; state is set then
	state  *os.ProcessState
}

// launch starts a process in a place, or in the network of this machine where
// that is nil, and kills it at the end of the test. It keeps what the process
// writes to its standard error, unless that is given.
func launch(t *testing.T, in *place, stderr *os.File, args ...string) *process {
	t.Helper()
	if in == nil {
		in = home(t)
	}
	p := &process{place: in, exited: make(chan struct{})}
	cmd := exec.Command(args[0], args[1:]...)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
	cmd.Stderr = &p.stderr
	if stderr != nil {
		cmd.Stderr = stderr
	}
	var err error
	in.do(func() { err = cmd.Start() })
	if err != nil {
		t.Fatal(err)
	}
	p.pid = cmd.Process.Pid
	go func() {
		defer close(p.exited)
		_ = cmd.Wait() // the state tells as much
		p.state = cmd.ProcessState
	}()
	t.Cleanup(func() {
		if !p.hasExited() {
			_ = unix.Kill(-p.pid, unix.SIGKILL)
			<-p.exited
		}
		if t.Failed() {
			t.Logf("process %d said:\n%s", p.pid, p.stderr.String())
		}
	})
	return p
}

var serving = regexp.MustCompile(`(?m)^clock: serving on (\S+) (\S+), `)

// awaitServing waits until a clock says where it serves.
func (p *process) awaitServing(t *testing.T) {
	t.Helper()
	eventually(t, "the clock serves", func() bool {
		said := serving.FindStringSubmatch(p.stderr.String())
		if said == nil {
			if p.hasExited() {
				t.Fatalf("the clock has ended (%v) before it served; it said: %s", p.state, p.stderr.String())
			}
			return false
		}
		p.network, p.addr = said[1], said[2]
		return true
	})
}

// signal sends a signal to the process.
func (p *process) signal(t *testing.T, sig syscall.Signal) {
	t.Helper()
	if err := unix.Kill(p.pid, sig); err != nil {
		t.Fatalf("signal %v: %v", sig, err)
	}
}

func (p *process) hasExited() bool {
	select {
	case <-p.exited:
		return true
	default:
		return false
	}
}

// exit waits for the end of the process.
func (p *process) exit(t *testing.T) *os.ProcessState {
	t.Helper()
	eventually(t, "the process ends", p.hasExited)
	return p.state
}

// log returns the lines that a clock has logged: not those for whoever has
// started it, on where it serves and that it has stopped.
func (p *process) log() []string {
	return slices.DeleteFunc(strings.Split(p.stderr.String(), "\n"), func(line string) bool {
		return line == "" || strings.HasPrefix(line, "clock: ")
	})
}

// words is what a process has written.
type words struct {
	mu   sync.Mutex
	text bytes.Buffer // guarded by mu
}

// Write implements [io.Writer].
func (w *words) Write(b []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.text.Write(b)
}

func (w *words) String() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.text.String()
}
