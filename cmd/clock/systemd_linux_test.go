package main

import (
	"errors"
	"log/slog"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// A manager is the service manager's end of sd_notify(3).
type manager struct {
	conn *net.UnixConn
	path string
}

func newManager(t *testing.T) *manager {
	t.Helper()
	path := filepath.Join(socketDir(t), "notify")
	conn, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Net: "unixgram", Name: path})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	return &manager{conn, path}
}

// await reads messages until one has a line that begins with want, and returns
// that message, line by line. None may be unwanted before.
func (m *manager) await(t *testing.T, want string, unwanted ...string) []string {
	t.Helper()
	if err := m.conn.SetReadDeadline(time.Now().Add(patience)); err != nil {
		t.Fatal(err)
	}
	buf := make([]byte, 4096)
	for {
		n, err := m.conn.Read(buf)
		if err != nil {
			t.Fatalf("no message with %s: %v", want, err)
		}
		lines := strings.Split(string(buf[:n]), "\n")
		for _, line := range unwanted {
			if slices.Contains(lines, line) {
				t.Errorf("message %q before one with %s", lines, want)
			}
		}
		if slices.ContainsFunc(lines, func(line string) bool { return strings.HasPrefix(line, want) }) {
			return lines
		}
	}
}

func TestServiceManagerIsKeptInformed(t *testing.T) {
	for _, engine := range []string{"sequential", "goroutine", "gnet"} {
		t.Run(engine, func(t *testing.T) {
			m := newManager(t)
			cmd := exec.Command("sh", "-c", `WATCHDOG_PID=$$ exec "$@"`, "sh", "clock", "-engine="+engine, "-port=0", "-interval=20ms")
			cmd.Env = append(os.Environ(), "NOTIFY_SOCKET="+m.path, "WATCHDOG_USEC=20000")
			p := startCommand(t, cmd)

			ready := m.await(t, "READY=1", "WATCHDOG=1", "STOPPING=1")
			if status := "STATUS=serving on tcp " + p.addr + ","; !strings.HasPrefix(ready[len(ready)-1], status) {
				t.Errorf("the first message is %q, want READY=1 and %s ...", ready, status)
			}
			for range 3 {
				m.await(t, "WATCHDOG=1", "READY=1", "STOPPING=1")
			}
			p.stop(t)
			m.await(t, "STOPPING=1", "READY=1")
			if log := p.stderr.String(); strings.Count(log, "\n") != 2 || strings.Contains(log, "level=") {
				t.Errorf("clock logs %q", log)
			}
		})
	}
}

// TestWatchdogBarksWhenClockIsStuck: systemd is told why, and no longer that
// clock is alive, until it is again.
func TestWatchdogBarksWhenClockIsStuck(t *testing.T) {
	m := newManager(t)
	t.Setenv("NOTIFY_SOCKET", m.path)
	t.Setenv("WATCHDOG_USEC", "2000")
	var stuck atomic.Bool
	asked := make(chan struct{})
	alive := func() error {
		asked <- struct{}{}
		if stuck.Load() {
			return errors.New("no tick for 3s")
		}
		return nil
	}
	stop := inform(t.Context(), "serving", alive, slog.New(slog.DiscardHandler))
	<-asked
	m.await(t, "WATCHDOG=1")
	stuck.Store(true)
	<-asked
	m.await(t, "STATUS=stuck: no tick for 3s")
	<-asked
	m.await(t, "STATUS=stuck", "WATCHDOG=1")
	stuck.Store(false)
	<-asked
	m.await(t, "WATCHDOG=1")
	go func() {
		for range asked { // it may ask once more
		}
	}()
	stop()
	close(asked)
	m.await(t, "STOPPING=1")
}

// TestServesWithoutAServiceManager: one that cannot be reached, or a watchdog
// that makes no sense, is logged, and clock serves.
func TestServesWithoutAServiceManager(t *testing.T) {
	for name, env := range map[string]string{
		"no socket":          "NOTIFY_SOCKET=" + filepath.Join(socketDir(t), "nobody"),
		"no number":          "WATCHDOG_USEC=often",
		"no positive number": "WATCHDOG_USEC=-1",
	} {
		t.Run(name, func(t *testing.T) {
			cmd := exec.Command("clock", "-port=0", "-interval=20ms")
			cmd.Env = append(os.Environ(), env)
			p := startCommand(t, cmd)
			if _, err := firstLine("tcp", p.addr); err != nil {
				t.Error(err)
			}
			p.stop(t)
			if !strings.Contains(p.stderr.String(), "level=WARN") {
				t.Errorf("clock does not say what is wrong: %q", p.stderr)
			}
		})
	}
}
