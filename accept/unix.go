package accept

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"syscall"
	"time"
)

// listenUnix listens on a socket file.
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

// listenAbstract listens on an abstract socket.
func listenAbstract(ctx context.Context, name string) (net.Listener, error) {
	var lc net.ListenConfig
	ln, err := lc.Listen(ctx, "unix", name)
	if errors.Is(err, syscall.EADDRINUSE) {
		return nil, fmt.Errorf("listen unix %s: another server is listening there: stop it, or choose another name", name)
	}
	return ln, err
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
	return removeIfSame(path, file)
}

// removeIfSame removes what is at path if it is still that file.
func removeIfSame(path string, file fs.FileInfo) error {
	if now, err := os.Lstat(path); err != nil || !os.SameFile(now, file) {
		return nil
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
	_ = removeIfSame(l.path, l.file)
	return l.UnixListener.Close()
}
