package main

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/coreos/go-systemd/v22/daemon"
)

// inform keeps the service manager informed, if clock was started by one that
// wants it (sd_notify(3)): that it serves, that it is alive as long as alive
// says so, if there is a watchdog, and, when ctx is done, that it stops. The
// function that it returns ends that.
func inform(ctx context.Context, status string, alive func() error, log *slog.Logger) (stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	var informing sync.WaitGroup
	informing.Go(func() { watch(ctx, status, alive, log) })
	return func() {
		cancel()
		informing.Wait()
	}
}

func watch(ctx context.Context, status string, alive func() error, log *slog.Logger) {
	tell := func(state string) {
		if _, err := daemon.SdNotify(false, state); err != nil {
			log.Warn("cannot notify the service manager", slog.Any("error", err))
		}
	}
	tell(daemon.SdNotifyReady + "\nSTATUS=" + status)
	defer tell(daemon.SdNotifyStopping + "\nSTATUS=stopping")

	timeout, err := daemon.SdWatchdogEnabled(false)
	if err != nil {
		log.Warn("cannot keep the watchdog quiet", slog.Any("error", err))
	}
	var beat <-chan time.Time
	if timeout > 0 {
		ticker := time.NewTicker(timeout / 2)
		defer ticker.Stop()
		beat = ticker.C
	}
	for {
		select {
		case <-ctx.Done():
			return
		case <-beat:
		}
		if err := alive(); err != nil {
			tell("STATUS=stuck: " + err.Error())
		} else {
			tell(daemon.SdNotifyWatchdog + "\nSTATUS=" + status)
		}
	}
}
