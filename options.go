package clock

import (
	"errors"
	"fmt"
	"log/slog"
	"time"
)

// A TickerKind says when the lines of a connection are due. The empty kind
// means the one that comes naturally to an engine.
type TickerKind string

const (
	// PerConn: one interval after that connection's last line. The load is
	// spread over the interval, as the clients' arrivals were.
	PerConn TickerKind = "per-conn"

	// Shared: at each multiple of the interval on the wall clock, the same
	// bytes to every client. The load comes in bursts.
	Shared TickerKind = "shared"
)

// Options are the parameters of a server, the same for every engine. The zero
// value is the book's server.
type Options struct {
	Face         Face
	Ticker       TickerKind    // "" means the engine's own
	Interval     time.Duration // between lines; 0 means DefaultInterval
	MaxConns     int           // connections at once, no more than open files allow; 0 means as many as they and memory do
	MaxPerIP     int           // connections at once from one address; 0 means as many as there are
	WriteTimeout time.Duration // how long a client may take nothing; 0 means DefaultWriteTimeout
	SendBuffer   int           // bytes that the kernel holds for a slow client; 0 means DefaultSendBuffer
	Drain        time.Duration // for lines in flight when the server stops; 0 means DefaultDrain
	Stats        *Stats        // counts what happens; nil means nobody looks
	Observer     Observer      // is told of the lines that are sent; nil means nobody is
	Log          *slog.Logger  // nil means no log

	// Wall returns what the wall clock shows at an instant that time.Now has
	// returned; nil means that instant. Tests step it and leap its seconds,
	// while sleeps and grids keep to the monotonic clock, as on a real machine.
	Wall func(time.Time) time.Time
}

// An Observer is told how late lines are, by several goroutines at once and on
// their way: it must be quick.
type Observer interface {
	// Sent says that a line that was due at a time was handed to the kernel
	// whole, or the first part of it, and what time it is now. With the shared
	// ticker all lines of a tick are due at the tick; a first line is due when
	// its client comes.
	Sent(due, now time.Time)
}

// Complete returns o with each zero value replaced by its default, and MaxConns
// lowered to what the limit on open files leaves room for. The engine's own
// ticker is ticker, and files the number of files that it has open for itself,
// besides one for each client. Complete returns an error if a value makes no
// sense, or [ErrTooFewFiles].
func (o Options) Complete(ticker TickerKind, files int) (Options, error) {
	setDefault(&o.Ticker, ticker)
	setDefault(&o.Interval, DefaultInterval)
	setDefault(&o.WriteTimeout, DefaultWriteTimeout)
	setDefault(&o.SendBuffer, DefaultSendBuffer)
	setDefault(&o.Drain, DefaultDrain)
	if o.Stats == nil {
		o.Stats = new(Stats)
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Wall == nil {
		o.Wall = func(now time.Time) time.Time { return now }
	}
	if err := o.validate(); err != nil {
		return o, err
	}
	return o, o.limitByFiles(files)
}

func setDefault[T comparable](p *T, value T) {
	var zero T
	if *p == zero {
		*p = value
	}
}

func (o Options) validate() error {
	switch {
	case o.Ticker != PerConn && o.Ticker != Shared:
		return fmt.Errorf("unknown ticker %q: use %s or %s", o.Ticker, PerConn, Shared)
	case o.Interval < MinInterval:
		return fmt.Errorf("interval %v is too short: at least %v", o.Interval, MinInterval)
	case o.MaxConns < 0:
		return fmt.Errorf("limit of %d connections: at least 1", o.MaxConns)
	case o.MaxPerIP < 0:
		return fmt.Errorf("limit of %d connections from one address: at least 1, or 0 for none", o.MaxPerIP)
	case o.WriteTimeout < MinInterval:
		return fmt.Errorf("write timeout %v is too short: at least %v", o.WriteTimeout, MinInterval)
	case o.SendBuffer < MinSendBuffer:
		return fmt.Errorf("send buffer of %d bytes: at least %d", o.SendBuffer, MinSendBuffer)
	case o.Drain < 0:
		return errors.New("drain time is negative")
	}
	return nil
}
