package clock

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"slices"
	"strings"
	"syscall"
	"time"
)

// networks are the networks that [Listen] takes.
var networks = []string{"tcp", "tcp4", "tcp6", "unix"}

// CheckNetwork returns an error unless [Listen] takes the network.
func CheckNetwork(network string) error {
	if !slices.Contains(networks, network) {
		return fmt.Errorf("unknown network %q: use %s", network, strings.Join(networks, ", "))
	}
	return nil
}

// A ListenConfig says how to open the socket that a server serves. The zero
// value is what most servers want.
type ListenConfig struct {
	// ReusePort lets other processes of the same user listen on the port, too,
	// if all of them say so (SO_REUSEPORT): the kernel gives each client to one
	// of them, at random. It needs a TCP network, and Linux.
	ReusePort bool
}

// Listen opens the socket that a server serves: network is tcp, tcp4, tcp6 or
// unix, addr is host:port or a path. TCP connections get the keep-alive of
// this package.
//
// A socket file that no process listens on, as a killed server leaves behind,
// is replaced; nothing else is ever removed. The listener removes its own
// socket file when it is closed, and only that.
func (c ListenConfig) Listen(ctx context.Context, network, addr string) (net.Listener, error) {
	if err := CheckNetwork(network); err != nil {
		return nil, err
	}
	if network == "unix" {
		if c.ReusePort {
			return nil, fmt.Errorf("listen unix %s: a unix socket has no port to share", addr)
		}
		return listenUnix(ctx, addr)
	}
	lc := net.ListenConfig{KeepAliveConfig: net.KeepAliveConfig{
		Enable:   true,
		Idle:     KeepAliveIdle,
		Interval: KeepAliveInterval,
		Count:    KeepAliveCount,
	}}
	if c.ReusePort {
		lc.Control = reusePort
	}
	return lc.Listen(ctx, network, addr)
}

// Listen opens the socket that a server serves, as [ListenConfig.Listen] does
// with the zero ListenConfig.
func Listen(ctx context.Context, network, addr string) (net.Listener, error) {
	return ListenConfig{}.Listen(ctx, network, addr)
}

func listenUnix(ctx context.Context, path string) (net.Listener, error) {
	var lc net.ListenConfig
	ln, err := lc.Listen(ctx, "unix", path)
	if errors.Is(err, syscall.EADDRINUSE) {
		if err := removeStale(ctx, path); err != nil {
			return nil, err
		}
		ln, err = lc.Listen(ctx, "unix", path)
	}
	if err != nil {
		return nil, err
	}
	socket := ln.(*net.UnixListener)
	socket.SetUnlinkOnClose(false) // it would remove whatever has the path by then
	file, err := os.Lstat(path)
	if err != nil {
		_ = socket.Close()
		return nil, err
	}
	return &unixListener{UnixListener: socket, path: path, file: file}, nil
}

// removeStale removes the socket file at path if no process listens on it.
func removeStale(ctx context.Context, path string) error {
	file, err := os.Lstat(path)
	switch {
	case err != nil:
		return err
	case file.Mode().Type() != fs.ModeSocket:
		return fmt.Errorf("listen unix %s: the path is no socket and will not be removed: choose another", path)
	}
	dialer := net.Dialer{Timeout: time.Second}
	conn, err := dialer.DialContext(ctx, "unix", path)
	if err == nil {
		_ = conn.Close()
	}
	if !errors.Is(err, syscall.ECONNREFUSED) {
		return fmt.Errorf("listen unix %s: another server is listening there: stop it, or choose another path", path)
	}
	return os.Remove(path)
}

// A unixListener removes its socket file when it is closed.
type unixListener struct {
	*net.UnixListener
	path string
	file fs.FileInfo
}

func (l *unixListener) Close() error {
	if now, err := os.Lstat(l.path); err == nil && os.SameFile(now, l.file) {
		_ = os.Remove(l.path)
	}
	return l.UnixListener.Close()
}
