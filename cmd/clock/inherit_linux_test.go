package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// activated is the command by which systemd starts clock with sockets that it
// has opened. The shell is there because LISTEN_PID must be clock's own.
func activated(files []*os.File, flags ...string) *exec.Cmd {
	cmd := exec.Command("sh", append([]string{"-c", `LISTEN_PID=$$ exec "$@"`, "sh", "clock"}, flags...)...)
	cmd.ExtraFiles = files
	cmd.Env = append(os.Environ(), fmt.Sprintf("LISTEN_FDS=%d", len(files)))
	return cmd
}

// socketDir returns a directory whose name is short enough for sockets in it.
func socketDir(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "clock")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	return dir
}

// TestRestartLosesNobody restarts clock some times behind a socket that stays open,
// as systemd does, while clients come all the time.
func TestRestartLosesNobody(t *testing.T) {
	for _, engine := range []string{"goroutine", "gnet"} {
		for _, socket := range []struct{ name, network, addr string }{
			{"tcp", "tcp", "127.0.0.1:0"},
			{"unix", "unix", filepath.Join(socketDir(t), "clock.sock")},
			{"abstract", "unix", ""}, // the kernel finds a name
		} {
			t.Run(engine+"/"+socket.name, func(t *testing.T) { restart(t, engine, socket.network, socket.addr) })
		}
	}
}

func restart(t *testing.T, engine, network, addr string) {
	ln, err := net.Listen(network, addr)
	if err != nil {
		t.Fatal(err)
	}
	defer ln.Close()
	file, err := ln.(interface{ File() (*os.File, error) }).File()
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	start := func() *process {
		return startCommand(t, activated([]*os.File{file}, "-engine="+engine, "-interval=20ms"))
	}
	served := start()
	if addr := ln.Addr().String(); served.addr != addr {
		t.Errorf("clock says that it serves %s, want %s", served.addr, addr)
	}

	comers := newComers(network, ln.Addr().String())
	defer comers.stop()
	for range 5 {
		comers.await(t, 20)
		stayers := make([]*stayer, 10)
		for i := range stayers {
			if stayers[i], err = stay(network, ln.Addr().String()); err != nil {
				t.Fatal(err)
			}
		}
		served.stop(t)
		for _, s := range stayers {
			if err := s.end(); err != nil {
				t.Errorf("a client of the old server: %v", err)
			}
		}
		early, err := dial(network, ln.Addr().String())
		if err != nil {
			t.Fatalf("while nobody serves: %v", err)
		}
		served = start()
		if _, err := bufio.NewReader(early).ReadString('\n'); err != nil {
			t.Errorf("a client that came while nobody served: %v", err)
		}
		_ = early.Close()
	}
	if err := comers.stop(); err != nil {
		t.Errorf("a client that came meanwhile: %v", err)
	}
	served.stop(t)
}

// A stayer is a client that stays until the server ends the connection.
type stayer struct {
	net.Conn
	r *bufio.Reader
}

// stay connects a client and reads its first line.
func stay(network, addr string) (*stayer, error) {
	conn, err := dial(network, addr)
	if err != nil {
		return nil, err
	}
	s := &stayer{conn, bufio.NewReader(conn)}
	_, err = s.r.ReadString('\n')
	return s, err
}

// end reads to the end, which must come after a whole line, with FIN.
func (s *stayer) end() error {
	defer s.Close()
	rest, err := io.ReadAll(s.r)
	if err == nil && len(rest) > 0 && rest[len(rest)-1] != '\n' {
		err = fmt.Errorf("torn line at the end of %q", rest)
	}
	return err
}

// comers are clients that come every millisecond until stop, each for one line.
type comers struct {
	halt func() // idempotent
	done sync.WaitGroup

	mu  sync.Mutex
	n   int   // have had their line; guarded by mu
	err error // the first one; guarded by mu
}

func newComers(network, addr string) *comers {
	quit := make(chan struct{})
	c := &comers{halt: sync.OnceFunc(func() { close(quit) })}
	c.done.Go(func() {
		for {
			select {
			case <-quit:
				return
			case <-time.After(time.Millisecond):
			}
			c.done.Go(func() {
				_, err := firstLine(network, addr)
				c.mu.Lock()
				defer c.mu.Unlock()
				if err == nil {
					c.n++
				} else if c.err == nil {
					c.err = err
				}
			})
		}
	})
	return c
}

// await waits until n more have had their line.
func (c *comers) await(t *testing.T, n int) {
	t.Helper()
	for deadline, want := time.Now().Add(patience), c.served()+n; c.served() < want; time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("no more clients are served")
		}
	}
}

func (c *comers) served() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.n
}

// stop waits for those who have come, and returns the first error that one met.
func (c *comers) stop() error {
	c.halt()
	c.done.Wait()
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.err
}

func TestOnlyOneListeningStreamSocketIsServed(t *testing.T) {
	listening := []*os.File{listeningFile(t, "unix")}
	plain, err := os.Create(filepath.Join(t.TempDir(), "file"))
	if err != nil {
		t.Fatal(err)
	}
	defer plain.Close()
	tests := []struct {
		name  string
		files []*os.File
		flags []string
		want  string
	}{
		{"two sockets", append(listening, listening...), nil, "2 sockets"},
		{"a socket of datagrams", pairOf(t, unix.SOCK_DGRAM)[:1], nil, "does not listen"},
		{"a listening socket of packets", []*os.File{listeningFile(t, "unixpacket")}, nil, `"unixpacket"`},
		{"a connection, as with Accept=yes", pairOf(t, unix.SOCK_STREAM)[:1], nil, "does not listen"},
		{"a file", []*os.File{plain}, nil, "non-socket"},
		{"an address besides", listening, []string{"-addr=127.0.0.1:0"}, "leave out -addr"},
		{"an address in parts besides", listening, []string{"-network=tcp4", "-port=0", "-reuseport"}, "leave out -network, -port, -reuseport"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			cmd := activated(tt.files, tt.flags...)
			stderr := new(output)
			cmd.Stderr = stderr
			watchdog := time.AfterFunc(patience, func() { _ = cmd.Process.Kill() })
			defer watchdog.Stop()
			err := cmd.Run()
			line := stderr.String()
			var exit *exec.ExitError
			if !errors.As(err, &exit) || exit.ExitCode() != exitFailed || !strings.HasPrefix(line, "clock: ") || strings.Count(line, "\n") != 1 {
				t.Errorf("ends with %v, stderr %q; want exit code %d and one line", err, line, exitFailed)
			}
			if !strings.Contains(line, tt.want) {
				t.Errorf("stderr %q does not say %q", line, tt.want)
			}
		})
	}
}

// listeningFile returns a listening socket.
func listeningFile(t *testing.T, network string) *os.File {
	t.Helper()
	ln, err := net.ListenUnix(network, &net.UnixAddr{Net: network, Name: filepath.Join(socketDir(t), "socket")})
	if err != nil {
		t.Fatal(err)
	}
	defer ln.Close()
	file, err := ln.File()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = file.Close() })
	return file
}

// pairOf returns two connected sockets.
func pairOf(t *testing.T, kind int) []*os.File {
	t.Helper()
	fds, err := unix.Socketpair(unix.AF_UNIX, kind|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		t.Fatal(err)
	}
	files := make([]*os.File, len(fds))
	for i, fd := range fds {
		files[i] = os.NewFile(uintptr(fd), "socket")
		t.Cleanup(func() { _ = files[i].Close() })
	}
	return files
}

func TestSocketsForAnotherProcessAreNotTaken(t *testing.T) {
	cmd := exec.Command("clock", "-port=0", "-interval=20ms")
	cmd.Env = append(os.Environ(), "LISTEN_FDS=1", fmt.Sprintf("LISTEN_PID=%d", os.Getpid()))
	p := startCommand(t, cmd)
	if _, err := firstLine("tcp", p.addr); err != nil {
		t.Error(err)
	}
	p.stop(t)
}
