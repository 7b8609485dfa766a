//go:build linux && faults

package faults

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// refusesToServe starts a clock that cannot serve: it ends with exit code 1 and
// one line that says all of want.
func (c command) refusesToServe(t *testing.T, want ...string) {
	t.Helper()
	p := c.launch(t)
	if code := p.exit(t).ExitCode(); code != 1 {
		t.Errorf("the clock ends with exit code %d, want 1", code)
	}
	said := p.stderr.String()
	if !strings.HasPrefix(said, "clock: ") || strings.Count(said, "\n") != 1 {
		t.Errorf("the clock says %q, want one line", said)
	}
	for _, want := range want {
		if !strings.Contains(said, want) {
			t.Errorf("the clock says %q, want %q in it", said, want)
		}
	}
}

// TestPortTaken starts a clock where another one serves, which goes on.
func TestPortTaken(t *testing.T) {
	together(t, func(t *testing.T, v variant) {
		srv := start(t, v, "-interval=100ms")
		c := srv.dial(t)
		c.line(t)
		command{variant: v, flags: []string{"-addr=" + srv.addr}}.refusesToServe(t, srv.addr, "address already in use", "-port")
		c.lines(t, 2)
		srv.dial(t).line(t)
	})
}

// TestPrivilegedPort starts a clock as a user who may not have its port. The
// network is one in which no administrator has allowed it.
func TestPrivilegedPort(t *testing.T) {
	needRoot(t)
	needCommand(t, "setpriv", "install util-linux")
	together(t, func(t *testing.T, v variant) {
		command{
			variant: v,
			in:      namespace(t),
			through: []string{"setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"},
			flags:   []string{"-addr=127.0.0.1:37"},
		}.refusesToServe(t, "127.0.0.1:37", "permission denied", "-port")
	})
}

// TestUnixPath starts a clock on a path where something is.
func TestUnixPath(t *testing.T) {
	on := func(v variant, path string) command {
		return command{variant: v, flags: []string{"-network=unix", "-addr=" + path, "-interval=100ms"}}
	}
	path := func(t *testing.T) string { // t.TempDir may be too long for a socket
		dir, err := os.MkdirTemp("", "clock")
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = os.RemoveAll(dir) })
		return filepath.Join(dir, "socket")
	}
	rows := map[string]func(*testing.T, variant){
		"stale": func(t *testing.T, v variant) {
			path := path(t)
			killed := on(v, path).start(t)
			killed.signal(t, syscall.SIGKILL)
			killed.exit(t)
			if _, err := os.Lstat(path); err != nil {
				t.Fatalf("a killed server removes its socket: %v", err)
			}
			srv := on(v, path).start(t)
			srv.dial(t).lines(t, 2)
			srv.signal(t, syscall.SIGTERM)
			srv.exit(t)
			if _, err := os.Lstat(path); !os.IsNotExist(err) {
				t.Errorf("the socket is left behind: %v", err)
			}
		},
		"live": func(t *testing.T, v variant) {
			path := path(t)
			srv := on(v, path).start(t)
			c := srv.dial(t)
			c.line(t)
			on(v, path).refusesToServe(t, path, "another server is listening there")
			c.lines(t, 2)
			srv.dial(t).line(t)
		},
		"directory": func(t *testing.T, v variant) {
			path := path(t)
			if err := os.Mkdir(path, 0o755); err != nil {
				t.Fatal(err)
			}
			on(v, path).refusesToServe(t, path, "is no socket")
			if info, err := os.Lstat(path); err != nil || !info.IsDir() {
				t.Errorf("the directory is gone: %v", err)
			}
		},
		"file": func(t *testing.T, v variant) {
			path := path(t)
			if err := os.WriteFile(path, []byte("kept"), 0o600); err != nil {
				t.Fatal(err)
			}
			on(v, path).refusesToServe(t, path, "is no socket")
			if text, err := os.ReadFile(path); err != nil || string(text) != "kept" {
				t.Errorf("the file is %q: %v", text, err)
			}
		},
		"replaced": func(t *testing.T, v variant) {
			path := path(t)
			first := on(v, path).start(t)
			if err := os.Remove(path); err != nil {
				t.Fatal(err)
			}
			second := on(v, path).start(t)
			first.signal(t, syscall.SIGTERM)
			first.exit(t)
			second.dial(t).lines(t, 2)
		},
		"no such directory": func(t *testing.T, v variant) {
			path := filepath.Join(path(t), "none", "socket")
			on(v, path).refusesToServe(t, path, "no such file or directory")
		},
	}
	for name, row := range rows {
		t.Run("path="+name, func(t *testing.T) { together(t, row) })
	}
}
