package bench

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"clock"
	"clock/bench/load"
)

// A process is a server or a fleet that is measured, with its children: a
// process group of its own.
type process struct {
	group  group
	stdout *os.File // nil unless asked for
	words  tail     // the end of what it writes to its standard error
	exited chan struct{}
}

// start starts a command on the given processors, from this thread, which must
// be locked: the process is killed when the thread ends.
func start(cmd *exec.Cmd, cpus []int, readStdout bool) (*process, error) {
	p := &process{exited: make(chan struct{})}
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
	cmd.Stderr = &p.words
	if readStdout {
		r, w, err := os.Pipe()
		if err != nil {
			return nil, err
		}
		defer w.Close()
		p.stdout, cmd.Stdout = r, w
	}
	if err := startOn(cmd, cpus); err != nil {
		p.close()
		return nil, err
	}
	p.group = group(cmd.Process.Pid)
	go func() {
		defer close(p.exited)
		cmd.Wait() // mostly says that it was killed
	}()
	return p, nil
}

// startOn starts a command on the given processors.
func startOn(cmd *exec.Cmd, cpus []int) error {
	var before unix.CPUSet
	if err := unix.SchedGetaffinity(0, &before); err != nil {
		return err
	}
	defer unix.SchedSetaffinity(0, &before)
	if err := pin(cpus); err != nil {
		return err
	}
	return cmd.Start()
}

// kill ends the process group and waits for its first process.
func (p *process) kill() {
	unix.Kill(-int(p.group), unix.SIGKILL)
	<-p.exited
	p.close()
}

func (p *process) close() {
	if p.stdout != nil {
		p.stdout.Close()
	}
}

// explain adds to an error what the process said last, if it has ended.
func (p *process) explain(err error) error {
	select {
	case <-p.exited:
		if words := p.words.last(); words != "" {
			return fmt.Errorf("%w; it said: %s", err, words)
		}
	default:
	}
	return err
}

// result returns the result of a fleet, which may come with an error that cut
// it short. It passes the fleet's progress on until then.
func (p *process) result(watch func(load.Progress)) (*load.Result, error) {
	for report, err := range reports(p.stdout) {
		switch {
		case err != nil:
			return nil, fmt.Errorf("the fleet's report cannot be read: %w", err)
		case report.Error != "":
			return report.Result, errors.New(report.Error)
		case report.Result != nil:
			return report.Result, nil
		}
		watch(*report.Progress)
	}
	<-p.exited
	return nil, p.explain(errors.New("the fleet has ended without a result"))
}

// awaitLine waits until the server at addr has served a client.
func (p *process) awaitLine(ctx context.Context, addr string) error {
	ctx, cancel := context.WithTimeout(ctx, startPatience)
	defer cancel()
	for {
		err := readLine(ctx, addr)
		if err == nil {
			return nil
		}
		select {
		case <-p.exited:
			return p.explain(errors.New("the server has ended before it served a client"))
		case <-ctx.Done():
			return fmt.Errorf("no line from the server at %s within %v: %w", addr, startPatience, err)
		case <-time.After(10 * time.Millisecond):
		}
	}
}

// readLine connects from this thread and reads one line.
func readLine(ctx context.Context, addr string) error {
	var d net.Dialer
	conn, err := d.DialContext(ctx, "tcp", addr)
	if err != nil {
		return err
	}
	defer conn.Close()
	defer context.AfterFunc(ctx, func() { conn.SetReadDeadline(time.Unix(1, 0)) })()
	// What is longer than a line must not fill the memory.
	_, err = bufio.NewReaderSize(conn, clock.MaxLine).ReadSlice('\n')
	if err == bufio.ErrBufferFull {
		err = fmt.Errorf("more than %d bytes without a newline", clock.MaxLine)
	}
	return err
}

// freeAddr returns an address of this machine that is free.
func freeAddr() (string, error) {
	ln, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	defer ln.Close()
	return ln.Addr().String(), nil
}

// A tail is the end of what a process writes.
type tail struct {
	mu   sync.Mutex // guards text
	text []byte
}

// maxTail is how much a tail keeps, in bytes.
const maxTail = 4096

// Write implements [io.Writer].
func (t *tail) Write(b []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.text = append(t.text, b...)
	t.text = t.text[max(0, len(t.text)-maxTail):]
	return len(b), nil
}

// last returns the last line that says something.
func (t *tail) last() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	lines := strings.Split(strings.TrimSpace(string(t.text)), "\n")
	return strings.TrimSpace(lines[len(lines)-1])
}
