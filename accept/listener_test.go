package accept_test

import (
	"errors"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"clock/accept"
)

func TestListenOnUnixPaths(t *testing.T) {
	tests := []struct {
		name    string
		prepare func(t *testing.T, path string)
		because string // part of the error; "" for success
	}{
		{"free", func(*testing.T, string) {}, ""},
		{"stale socket", func(t *testing.T, path string) {
			ln := listenUnix(t, path)
			ln.SetUnlinkOnClose(false)
			_ = ln.Close()
		}, ""},
		{"live socket", func(t *testing.T, path string) { listenUnix(t, path) }, "another server is listening there"},
		{"directory", func(t *testing.T, path string) { check(t, os.Mkdir(path, 0o700)) }, "is no socket"},
		{"regular file", func(t *testing.T, path string) { check(t, os.WriteFile(path, []byte("mine"), 0o600)) }, "is no socket"},
		{"dangling link", func(t *testing.T, path string) { check(t, os.Symlink("nowhere", path)) }, "is no socket"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "clock.sock")
			tt.prepare(t, path)
			before, _ := os.Lstat(path)
			ln, err := accept.Listen(t.Context(), "unix", path)
			if tt.because != "" {
				if err == nil || !strings.Contains(err.Error(), tt.because) || !strings.Contains(err.Error(), path) {
					t.Errorf("Listen = %v, want an error with %q and the path", err, tt.because)
				}
				if after, err := os.Lstat(path); err != nil || !os.SameFile(before, after) {
					t.Errorf("the file that was there is gone: %v", err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			conn, err := net.Dial("unix", path)
			check(t, err)
			_ = conn.Close()
			check(t, ln.Close())
			if _, err := os.Lstat(path); !errors.Is(err, fs.ErrNotExist) {
				t.Errorf("the socket file is still there: %v", err)
			}
		})
	}
}

func TestCloseRemovesOnlyItsOwnSocketFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "clock.sock")
	old, err := accept.Listen(t.Context(), "unix", path)
	check(t, err)
	check(t, os.Remove(path))
	listenUnix(t, path) // another server takes the path over
	check(t, old.Close())
	if _, err := os.Lstat(path); err != nil {
		t.Errorf("the other server's socket file is gone: %v", err)
	}
}

func TestListenSaysThatAUnixPathIsTooLong(t *testing.T) {
	path := filepath.Join(t.TempDir(), strings.Repeat("x", 108))
	if _, err := accept.Listen(t.Context(), "unix", path); err == nil || !strings.Contains(err.Error(), "too long") {
		t.Errorf("Listen = %v, want an error that says that the path is too long", err)
	}
}

// An abstract socket has no file: none is made, and none of its name removed.
func TestListenOnAnAbstractSocket(t *testing.T) {
	if runtime.GOOS != "linux" {
		if _, err := accept.Listen(t.Context(), "unix", "@clock"); err == nil || !strings.Contains(err.Error(), "only Linux") {
			t.Errorf("Listen = %v, want an error that says that there are none", err)
		}
		return
	}
	t.Chdir(t.TempDir())
	name := "@" + filepath.Base(t.TempDir()) + strconv.Itoa(os.Getpid())
	check(t, os.WriteFile(name, []byte("mine"), 0o600))
	ln, err := accept.Listen(t.Context(), "unix", name)
	check(t, err)
	conn, err := net.Dial("unix", name)
	check(t, err)
	check(t, conn.Close())
	if _, err := accept.Listen(t.Context(), "unix", name); err == nil || !strings.Contains(err.Error(), "another server is listening there") {
		t.Errorf("a second Listen = %v, want an error that says that the name is taken", err)
	}
	check(t, ln.Close())
	if mine, err := os.ReadFile(name); err != nil || string(mine) != "mine" {
		t.Errorf("the file called %s is %q, %v", name, mine, err)
	}
	again, err := accept.Listen(t.Context(), "unix", name)
	check(t, err) // the name is free again
	check(t, again.Close())
}

func TestListenRefusesUnknownNetworks(t *testing.T) {
	if _, err := accept.Listen(t.Context(), "udp", "127.0.0.1:0"); err == nil || !strings.Contains(err.Error(), "tcp4") {
		t.Errorf("Listen(udp) = %v, want an error that says what is allowed", err)
	}
}

func TestPortIsSharedOnlyIfBothSaySo(t *testing.T) {
	if runtime.GOOS != "linux" {
		if ln, err := (accept.ListenConfig{ReusePort: true}).Listen(t.Context(), "tcp", "127.0.0.1:0"); err == nil {
			t.Errorf("%s can be shared, which only Linux does", ln.Addr())
		}
		t.Skip("only Linux shares ports")
	}
	for network, addr := range map[string]string{"tcp4": "127.0.0.1:0", "tcp6": "[::1]:0"} {
		for _, first := range []bool{false, true} {
			for _, second := range []bool{false, true} {
				ln, err := accept.ListenConfig{ReusePort: first}.Listen(t.Context(), network, addr)
				check(t, err)
				other, err := accept.ListenConfig{ReusePort: second}.Listen(t.Context(), network, ln.Addr().String())
				if shared := err == nil; shared != (first && second) || !shared && !errors.Is(err, syscall.EADDRINUSE) {
					t.Errorf("%s shared by the first: %t, by the second: %t: %v", network, first, second, err)
				}
				if err == nil {
					check(t, other.Close())
				}
				check(t, ln.Close())
			}
		}
	}
}

func TestUnixSocketHasNoPortToShare(t *testing.T) {
	path := filepath.Join(t.TempDir(), "clock.sock")
	if _, err := (accept.ListenConfig{ReusePort: true}).Listen(t.Context(), "unix", path); err == nil || !strings.Contains(err.Error(), "no port") {
		t.Errorf("Listen = %v, want an error that says why", err)
	}
}

func listenUnix(t *testing.T, path string) *net.UnixListener {
	t.Helper()
	ln, err := net.ListenUnix("unix", &net.UnixAddr{Name: path, Net: "unix"})
	check(t, err)
	t.Cleanup(func() { _ = ln.Close() })
	return ln
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
