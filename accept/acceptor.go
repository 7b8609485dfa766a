// Package accept opens the socket of a server and accepts connections from it:
// as many as the server's limits allow, whatever the errors of a busy machine.
package accept

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"clock"
)

// A Config says whom an Acceptor accepts, and what they may cost.
type Config struct {
	MaxConns int // connections at once: at least 1
	MaxPerIP int // connections at once from one address; 0 means any number

	// SendBuffer is the room in bytes that the kernel is asked to have for what
	// a client has not taken yet; 0 leaves it to the system.
	SendBuffer int

	// UserTimeout is how long what was sent may stay unacknowledged, if that is
	// longer than [clock.UserTimeout].
	UserTimeout time.Duration

	// MakeRoom, if set, lets clients go that keep a place which they no longer
	// need, of those from addresses that would help, and reports whether there
	// were any. It is called where somebody new finds no place or no file, by all
	// goroutines that call Accept.
	MakeRoom func(helps func(from net.Addr) bool) bool

	Stats *clock.Stats // counts what happens; nil means nobody looks
	Log   *slog.Logger // nil means no log
}

// ConfigOf returns the Config of a server with these options, which are complete.
func ConfigOf(o clock.Options) Config {
	return Config{
		MaxConns:    o.MaxConns,
		MaxPerIP:    o.MaxPerIP,
		SendBuffer:  o.SendBuffer,
		UserTimeout: o.WriteTimeout,
		Stats:       o.Stats,
		Log:         o.Log,
	}
}

// An Acceptor accepts connections, as many as the limits allow, and knows when
// the last one has been closed. It is safe for use by several goroutines.
//
//	for {
//		conn, err := acceptor.Accept()
//		if err != nil {
//			break // the listener is closed
//		}
//		go handle(conn) // ends with conn.Close and acceptor.Leave
//	}
//	<-acceptor.Empty()
type Acceptor struct {
	config     Config
	listener   net.Listener
	stopping   context.Context // done when the listener is to be closed
	stopped    context.Context // done when it is
	open       atomic.Int64    // connections that have a place
	perAddress *perAddress     // nil if there is no limit per address
	clients    sync.WaitGroup
	waiting    atomic.Int64  // calls of Accept that wait after an error
	left       chan struct{} // tells one of them that a client has left
	logged     atomic.Int64  // Unix nanoseconds of the last failure logged
}

// New returns an Acceptor of the connections that come to ln. When ctx is done,
// it closes ln, so that nobody new comes in while the server closes the
// connections that there are.
func New(ctx context.Context, ln net.Listener, c Config) *Acceptor {
	if c.Stats == nil {
		c.Stats = new(clock.Stats)
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	c.tuneListener(ln)
	a := &Acceptor{config: c, listener: ln, stopping: ctx, left: make(chan struct{}, 1)}
	if c.MaxPerIP > 0 {
		a.perAddress = newPerAddress(c.MaxPerIP)
	}
	stopped, closed := context.WithCancel(context.WithoutCancel(ctx))
	a.stopped = stopped
	context.AfterFunc(ctx, func() {
		_ = ln.Close()
		closed()
	})
	return a
}

// Context returns a context that is done only after the listener is closed, so
// that a client which is disconnected then cannot reconnect to a server that
// stops.
func (a *Acceptor) Context() context.Context { return a.stopped }

// Accept waits for the next client and accepts it. One that comes when the
// server is full, or when too many have come from its address, is closed at
// once. Every error but a closed listener is taken for a passing one: Accept
// waits a little and tries again. It returns an error only when the listener is
// closed.
func (a *Acceptor) Accept() (net.Conn, error) {
	wait := clock.AcceptBackoffMin
	for {
		conn, err := a.listener.Accept()
		switch {
		case err == nil && a.enter(conn):
			a.config.tune(conn)
			return conn, nil
		case err == nil:
			_ = conn.Close()
			wait = clock.AcceptBackoffMin
		case a.stopping.Err() != nil || errors.Is(err, net.ErrClosed):
			return nil, err
		default:
			a.config.Stats.AcceptErrors.Add(1)
			a.logRarely("cannot accept a connection, will try again", err)
			if a.makeRoom(anyAddress) {
				continue
			}
			if wait = a.pause(wait); wait == 0 {
				return nil, err
			}
		}
	}
}

// enter counts one more client in, or one refused.
func (a *Acceptor) enter(conn net.Conn) bool {
	why, ok := a.place(conn)
	if !ok {
		helps := anyAddress
		if why == clock.ReasonIPLimit {
			helps = sameAddress(conn.RemoteAddr())
		}
		if a.makeRoom(helps) {
			why, ok = a.place(conn)
		}
	}
	if !ok {
		a.config.Stats.Ended[why].Add(1)
		return false
	}
	a.clients.Add(1)
	a.config.Stats.Accepted.Add(1)
	return true
}

// place takes a place for a client, or says why there is none.
func (a *Acceptor) place(conn net.Conn) (why clock.Reason, ok bool) {
	if a.open.Add(1) > int64(a.config.MaxConns) {
		a.open.Add(-1)
		return clock.ReasonLimit, false
	}
	if a.perAddress != nil && !a.perAddress.enter(conn.RemoteAddr()) {
		a.open.Add(-1)
		return clock.ReasonIPLimit, false
	}
	return 0, true
}

func (a *Acceptor) makeRoom(helps func(net.Addr) bool) bool {
	return a.config.MakeRoom != nil && a.config.MakeRoom(helps)
}

func anyAddress(net.Addr) bool { return true }

// Waiting reports whether a client waits that Accept would return at once. Where
// the system does not tell, none does.
func (a *Acceptor) Waiting() bool {
	ln, ok := a.listener.(syscall.Conn)
	if !ok || a.waiting.Load() > 0 {
		return false
	}
	raw, err := ln.SyscallConn()
	if err != nil {
		return false
	}
	var readable bool
	err = raw.Control(func(fd uintptr) { readable = isReadable(fd) })
	return err == nil && readable
}

// Leave says that a client that Accept has returned is gone, and why; from is the
// remote address of its connection, which must be closed by then.
func (a *Acceptor) Leave(from net.Addr, why clock.Reason) {
	if a.perAddress != nil {
		a.perAddress.leave(from)
	}
	a.config.Stats.Ended[why].Add(1)
	a.open.Add(-1)
	a.clients.Done()
	if a.waiting.Load() > 0 {
		select {
		case a.left <- struct{}{}:
		default:
		}
	}
}

// Fail says that a client that Accept has returned could not be served because
// of err, and is gone.
func (a *Acceptor) Fail(from net.Addr, err error) {
	a.logRarely("cannot serve a connection, have closed it", err)
	a.Leave(from, clock.ReasonError)
}

// Empty returns a channel that is closed when every client is gone. No Accept
// may be under way, or follow.
func (a *Acceptor) Empty() <-chan struct{} {
	empty := make(chan struct{})
	go func() {
		a.clients.Wait()
		close(empty)
	}()
	return empty
}

// Closed returns the error that a server returns when Accept has failed with
// err: none where it was told to stop.
func (a *Acceptor) Closed(err error) error {
	if a.stopping.Err() != nil {
		return nil
	}
	return err
}

// logRarely logs a failure, unless another was logged just before: a busy
// machine has thousands.
func (a *Acceptor) logRarely(what string, err error) {
	now, last := time.Now().UnixNano(), a.logged.Load()
	if now-last >= int64(clock.FailureLogInterval) && a.logged.CompareAndSwap(last, now) {
		a.config.Log.Warn(what, slog.Any("error", err))
	}
}

// pause waits after a failed accept, and returns how long to wait after the
// next one: longer, or as after the first if a client has left, with whom came
// what was missing. It returns 0 if the listener is to be closed.
func (a *Acceptor) pause(wait time.Duration) time.Duration {
	a.waiting.Add(1)
	defer a.waiting.Add(-1)
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-timer.C:
		return min(2*wait, clock.AcceptBackoffMax)
	case <-a.left:
		return clock.AcceptBackoffMin
	case <-a.stopping.Done():
		return 0
	}
}
