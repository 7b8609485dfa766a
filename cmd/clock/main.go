package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime"
	"runtime/debug"
	"sync/atomic"
	"syscall"
	_ "time/tzdata" // zones, also where the machine has none

	"clock"
	_ "clock/cmd/internal/openfiles"
)

func main() {
	// A crash ends clock by SIGABRT, and not with exit code 2 as Go has it, which
	// is for wrong flags: who keeps clock running must tell the two apart.
	debug.SetTraceback("crash")
	signal.Ignore(syscall.SIGPIPE) // who loses the reader of its log serves on
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
		if errors.Is(err, clock.ErrTooFewFiles) {
			return exitFailed
		}
		return exitUsage
	case cfg.version:
		fmt.Fprintln(stdout, version())
		return 0
	}
	log := newLogWriter(stderr)
	defer log.Close()
	say := newConsole(cfg.logFormat, log)
	if err := serve(ctx, cfg, say); err != nil {
		say.failure(err)
		return exitFailed
	}
	return 0
}

// serve listens, says so in one line, serves, and says when that is over.
func serve(ctx context.Context, cfg config, say *console) error {
	say.limits(cfg)
	var listening atomic.Bool
	stopAdmin, err := cfg.serveAdmin(ctx, &listening, say)
	if err != nil {
		return err
	}
	defer stopAdmin()
	ln, err := cfg.listen(ctx)
	if err != nil {
		return err
	}
	listening.Store(true)
	status := say.serving(cfg, ln.Addr())
	srv := cfg.server
	srv.Log = say.log
	stop := inform(ctx, status, srv.Alive, srv.Log)
	defer stop()
	defer say.stopped(srv.Stats)
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
