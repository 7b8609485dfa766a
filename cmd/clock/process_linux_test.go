package main

import (
	"bufio"
	"bytes"
	"net"
	"os/exec"
	"regexp"
	"sync"
	"syscall"
	"testing"
	"time"
)

// A process is a clock that serves, as a user or a service manager starts it.
type process struct {
	cmd    *exec.Cmd
	stderr *output
	ended  chan error // the result of cmd.Wait
	addr   string
}

// start starts clock and waits until it serves.
func start(t *testing.T, flags ...string) *process {
	t.Helper()
	return startCommand(t, exec.Command("clock", flags...))
}

// startCommand starts clock by a command that execs it, and waits until it
// serves.
func startCommand(t *testing.T, cmd *exec.Cmd) *process {
	t.Helper()
	p := &process{cmd: cmd, stderr: new(output), ended: make(chan error, 1)}
	cmd.Stderr = p.stderr
	// With -race each process would sleep for a second at its end.
	cmd.Env = append(cmd.Environ(), "GORACE=atexit_sleep_ms=0")
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	waited := make(chan struct{})
	go func() {
		p.ended <- cmd.Wait()
		close(waited)
	}()
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		<-waited
	})
	serving := regexp.MustCompile(`(?m)^clock: serving on \S+ (\S+), .*\n`)
	for deadline := time.Now().Add(patience); ; time.Sleep(time.Millisecond) {
		if m := serving.FindStringSubmatch(p.stderr.String()); m != nil {
			p.addr = m[1]
			return p
		}
		select {
		case err := <-p.ended:
			t.Fatalf("clock has ended: %v, stderr %q", err, p.stderr)
		default:
		}
		if time.Now().After(deadline) {
			t.Fatalf("clock does not serve: stderr %q", p.stderr)
		}
	}
}

// stop stops clock, and demands that it ends well.
func (p *process) stop(t *testing.T) {
	t.Helper()
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	select {
	case err := <-p.ended:
		if err != nil {
			t.Fatalf("clock ends with %v, stderr %q", err, p.stderr)
		}
	case <-time.After(patience):
		t.Fatalf("clock does not end: stderr %q", p.stderr)
	}
}

// An output is what a process has written so far.
type output struct {
	mu  sync.Mutex
	buf bytes.Buffer // guarded by mu
}

func (o *output) Write(b []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.buf.Write(b)
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.buf.String()
}

// dial connects a client that does not wait forever.
func dial(network, addr string) (net.Conn, error) {
	conn, err := net.DialTimeout(network, addr, patience)
	if err != nil {
		return nil, err
	}
	return conn, conn.SetDeadline(time.Now().Add(patience))
}

// firstLine connects a client and returns its first line.
func firstLine(network, addr string) (string, error) {
	conn, err := dial(network, addr)
	if err != nil {
		return "", err
	}
	defer conn.Close()
	return bufio.NewReader(conn).ReadString('\n')
}
