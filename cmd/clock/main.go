/*
Clock writes the time to each client that connects, one line per interval: the
clock server of "The Go Programming Language", section 8.2, served in one of
three ways.

Usage:

	clock [flags]

A session, in two terminals:

	$ clock -engine=gnet -tz=Asia/Tokyo
	clock: serving on tcp 127.0.0.1:8000, 15:04:05 Asia/Tokyo every 1s (engine gnet, ticker shared)

	$ nc localhost 8000
	17:21:05
	17:21:06
	^C

The flags:

	-engine name
		sequential serves one client at a time, the next one waits (the
		book's clock1). goroutine, the default, has a goroutine per
		connection (clock2). gnet is an event loop.
	-ticker name
		per-conn: a line comes one interval after that client's last. shared:
		at each multiple of the interval on the wall clock, to all clients at
		once. The default is per-conn, and shared for gnet.
	-network name
		tcp, the default, tcp4, tcp6, or unix.
	-addr host:port
		the address to listen on, or the path of a unix socket. The default is
		localhost:8000. A socket file that nobody listens on is replaced.
	-port number
		overrides the port of -addr; 0 is any free port.
	-layout layout
		what a line shows: a layout of Go's package time, such as 15:04:05,
		the default, or the name of one of its constants, such as RFC1123.
	-tz zone
		the time zone, such as Europe/Berlin. The default is Local: that of
		this machine, or of the environment variable TZ.
	-interval duration
		the time between lines, such as 500ms. The default is 1s.
	-max-conns number
		the most clients at once; one more is closed. The default is what the
		limit on open files leaves room for.
	-version
		prints the version and exits.

Clock says on standard error what it serves, and the address that it got. An
interrupt or a SIGTERM stops it: it closes its listener, finishes the lines in
flight, closes each connection and exits with 0. A second one ends it at once.

The exit code is 1 if clock cannot serve, 2 if it does not understand its
flags. Input from clients is thrown away.
*/
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"runtime"
	"runtime/debug"
	"syscall"
	_ "time/tzdata" // zones, also where the machine has none

	"clock"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // the second signal does what signals do
	os.Exit(run(ctx, os.Args[1:], os.Stdout, os.Stderr))
}

// The exit codes.
const (
	exitFailed = 1
	exitUsage  = 2
)

// run is the command: it serves until ctx is done, and returns the exit code.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	cfg, err := parse(args, stdout)
	switch {
	case errors.Is(err, flag.ErrHelp):
		return 0
	case err != nil:
		fmt.Fprintf(stderr, "clock: %v\n", err)
		return exitUsage
	case cfg.version:
		fmt.Fprintln(stdout, version())
		return 0
	}
	if err := serve(ctx, cfg, stderr); err != nil {
		fmt.Fprintf(stderr, "clock: %v\n", err)
		return exitFailed
	}
	return 0
}

// serve listens, says so in one line, and serves.
func serve(ctx context.Context, cfg config, stderr io.Writer) error {
	ln, err := clock.Listen(ctx, cfg.network, cfg.addr)
	if err != nil {
		return withHint(err)
	}
	fmt.Fprintf(stderr, "clock: serving on %s %s, %s %s every %v (engine %s, ticker %s)\n",
		ln.Addr().Network(), ln.Addr(), cfg.Face.Layout, cfg.Face.Zone, cfg.Interval, cfg.engine, cfg.Ticker)
	cfg.Log = slog.New(slog.NewTextHandler(stderr, nil))
	go trim(ctx, cfg.Stats)
	return engines[cfg.engine].server(cfg.Options).Serve(ctx, ln)
}

// withHint adds to an error of Listen what to do about it.
func withHint(err error) error {
	switch {
	case errors.Is(err, syscall.EADDRINUSE):
		return fmt.Errorf("%w: choose another -port, or 0 for any free one", err)
	case errors.Is(err, syscall.EACCES), errors.Is(err, syscall.EPERM):
		return fmt.Errorf("%w: choose an -addr that this user may have (ports below 1024 are root's)", err)
	case errors.Is(err, syscall.EADDRNOTAVAIL):
		return fmt.Errorf("%w: choose an -addr of this machine", err)
	}
	return err
}

// version says which build this is.
func version() string {
	v := "unknown"
	if info, ok := debug.ReadBuildInfo(); ok {
		v = info.Main.Version
	}
	return fmt.Sprintf("clock %s %s %s/%s", v, runtime.Version(), runtime.GOOS, runtime.GOARCH)
}
