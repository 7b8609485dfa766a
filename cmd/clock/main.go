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
	ln, err := cfg.socket.Listen(ctx, cfg.network, cfg.addr)
	if err != nil {
		return withHint(err)
	}
	srv := cfg.server
	fmt.Fprintf(stderr, "clock: serving on %s %s, %s %s every %v (engine %s, ticker %s, at most %d clients)\n",
		ln.Addr().Network(), ln.Addr(), srv.Face.Layout, srv.Face.Zone, srv.Interval, cfg.engine, srv.Ticker, srv.MaxConns)
	srv.Log = slog.New(slog.NewTextHandler(stderr, nil))
	return srv.Serve(ctx, ln)
}

// withHint adds to an error of Listen what to do about it.
func withHint(err error) error {
	switch {
	case errors.Is(err, syscall.EADDRINUSE):
		return fmt.Errorf("%w: choose another -port, 0 for any free one, or -reuseport for all that share it", err)
	case errors.Is(err, syscall.EACCES), errors.Is(err, syscall.EPERM):
		return fmt.Errorf("%w: choose an -addr or -port that this user may have", err)
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
