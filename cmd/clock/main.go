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
	ln, err := cfg.listen(ctx)
	if err != nil {
		return err
	}
	srv := cfg.server
	status := fmt.Sprintf("serving on %s %s, %s %s every %v (engine %s, ticker %s, at most %d clients)",
		ln.Addr().Network(), ln.Addr(), srv.Face.Layout, srv.Face.Zone, srv.Interval, cfg.engine, srv.Ticker, srv.MaxConns)
	fmt.Fprintf(stderr, "clock: %s\n", status)
	srv.Log = slog.New(slog.NewTextHandler(stderr, nil))
	stop := inform(ctx, status, func() error { return nil }, srv.Log)
	defer stop()
	return srv.Serve(ctx, ln)
}

// version says which build this is.
func version() string {
	v := "unknown"
	if info, ok := debug.ReadBuildInfo(); ok {
		v = info.Main.Version
	}
	return fmt.Sprintf("clock %s %s %s/%s", v, runtime.Version(), runtime.GOOS, runtime.GOARCH)
}
