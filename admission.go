package clock

import (
	"context"
	"errors"
	"log/slog"
	"math/rand/v2"
	"net"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

// An Admission is the door of a server: it accepts connections, as many as the
// limit allows, and knows when the last one has left. It is safe for use by
// several goroutines.
//
//	for {
//		conn, err := door.Accept()
//		if err != nil {
//			break // the door is closed
//		}
//		go handle(conn) // ends with conn.Close and door.Leave
//	}
//	<-door.Empty()
type Admission struct {
	// MakeRoom, if set, lets clients go that keep a place which they no longer
	// need, and reports whether there were any. Accept calls it, one call at a
	// time, where somebody new finds no place or no file. It is set before the
	// first Accept.
	MakeRoom func() bool

	ctx     context.Context
	open    context.Context // done when ln is closed, after ctx
	ln      net.Listener
	opts    Options
	inside  atomic.Int64
	crowd   *crowd // nil if there is no limit per address
	clients sync.WaitGroup
	waiting atomic.Int64  // calls of Accept that wait after an error
	left    chan struct{} // tells one of them that a client has left
	logged  atomic.Int64  // Unix nanoseconds of the last failure logged
}

// Admit opens the door to the clients that come to ln. When ctx is done the
// door closes: ln is closed at once, so nobody new comes in while the server
// sees the last ones off. The Options must be complete.
func Admit(ctx context.Context, ln net.Listener, o Options) *Admission {
	a := &Admission{ctx: ctx, ln: ln, opts: o, left: make(chan struct{}, 1)}
	if o.MaxPerIP > 0 {
		a.crowd = newCrowd(o.MaxPerIP)
	}
	open, shut := context.WithCancel(context.WithoutCancel(ctx))
	a.open = open
	context.AfterFunc(ctx, func() {
		_ = ln.Close()
		shut()
	})
	return a
}

// Context returns a context that is done when the door has closed: what serves
// those inside ends with it, and not before, lest a client that is seen off
// comes back to a server that stops.
func (a *Admission) Context() context.Context { return a.open }

// Accept waits for the next client and lets it in. One that comes when the
// server is full, or too many have come from its address, is closed at once.
// Every accept error but a closed listener is taken for a passing one: Accept
// waits a little and tries again. It returns an error only when the door is
// closed for good.
func (a *Admission) Accept() (net.Conn, error) {
	wait := acceptBackoffMin
	for {
		conn, err := a.ln.Accept()
		switch {
		case err == nil && a.enter(conn):
			a.tune(conn)
			return conn, nil
		case err == nil:
			_ = conn.Close()
			wait = acceptBackoffMin
		case a.ctx.Err() != nil || errors.Is(err, net.ErrClosed):
			return nil, err
		default:
			a.opts.Stats.AcceptErrors.Add(1)
			a.logRarely("cannot accept a connection, will try again", err)
			if a.makeRoom() {
				continue
			}
			if wait = a.pause(wait); wait == 0 {
				return nil, err
			}
		}
	}
}

// enter counts one more client in, or one refused.
func (a *Admission) enter(conn net.Conn) bool {
	why, ok := a.place(conn)
	if !ok && a.makeRoom() {
		why, ok = a.place(conn)
	}
	if !ok {
		a.opts.Stats.Ended[why].Add(1)
		return false
	}
	a.clients.Add(1)
	a.opts.Stats.Accepted.Add(1)
	return true
}

// place takes a place for a client, or says why there is none.
func (a *Admission) place(conn net.Conn) (why Reason, ok bool) {
	if a.inside.Add(1) > int64(a.opts.MaxConns) {
		a.inside.Add(-1)
		return ReasonLimit, false
	}
	if a.crowd != nil && !a.crowd.enter(conn.RemoteAddr()) {
		a.inside.Add(-1)
		return ReasonIPLimit, false
	}
	return 0, true
}

func (a *Admission) makeRoom() bool { return a.MakeRoom != nil && a.MakeRoom() }

// tune bounds what a client can cost: how much the kernel holds for one that is
// slow or that sends, and how long it waits for one that has vanished. Where the
// system refuses, the client is served all the same.
func (a *Admission) tune(conn net.Conn) {
	if c, ok := conn.(interface {
		SetWriteBuffer(int) error
		SetReadBuffer(int) error
	}); ok {
		_ = c.SetWriteBuffer(a.opts.SendBuffer)
		_ = c.SetReadBuffer(receiveBuffer)
	}
	if tcp, ok := conn.(*net.TCPConn); ok {
		setUserTimeout(tcp, max(UserTimeout, a.opts.WriteTimeout))
		_ = tcp.SetKeepAliveConfig(net.KeepAliveConfig{
			Enable:   true,
			Idle:     KeepAliveIdle + rand.N(keepAliveSpread),
			Interval: KeepAliveInterval,
			Count:    keepAliveCount,
		})
	}
}

// Waiting reports whether a client waits at the door that Accept would let in
// at once. Where the system does not tell, none does.
func (a *Admission) Waiting() bool {
	ln, ok := a.ln.(syscall.Conn)
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

// Leave says that a client that Accept let in has left, and why; from is the
// remote address of its connection, which must be closed by then.
func (a *Admission) Leave(from net.Addr, why Reason) {
	if a.crowd != nil {
		a.crowd.leave(from)
	}
	a.opts.Stats.Ended[why].Add(1)
	a.inside.Add(-1)
	a.clients.Done()
	if a.waiting.Load() > 0 {
		select {
		case a.left <- struct{}{}:
		default:
		}
	}
}

// Fail says that a client that Accept let in could not be served because of
// err, and has left.
func (a *Admission) Fail(from net.Addr, err error) {
	a.logRarely("cannot serve a connection, have closed it", err)
	a.Leave(from, ReasonError)
}

// Empty returns a channel that is closed when every client has left. No Accept
// may be under way, or follow.
func (a *Admission) Empty() <-chan struct{} {
	empty := make(chan struct{})
	go func() {
		a.clients.Wait()
		close(empty)
	}()
	return empty
}

// Closed returns the error that a server returns when Accept has failed with
// err: none where it was told to stop.
func (a *Admission) Closed(err error) error {
	if a.ctx.Err() != nil {
		return nil
	}
	return err
}

// logRarely logs a failure, unless another was logged just before: a busy
// machine has thousands.
func (a *Admission) logRarely(what string, err error) {
	now, last := time.Now().UnixNano(), a.logged.Load()
	if now-last >= int64(failureLogInterval) && a.logged.CompareAndSwap(last, now) {
		a.opts.Log.Warn(what, slog.Any("error", err))
	}
}

// pause waits after a failed accept, and returns how long to wait after the
// next one: longer, or as after the first if a client has left, with whom came
// what was missing. It returns 0 if the door is closed.
func (a *Admission) pause(wait time.Duration) time.Duration {
	a.waiting.Add(1)
	defer a.waiting.Add(-1)
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-timer.C:
		return min(2*wait, acceptBackoffMax)
	case <-a.left:
		return acceptBackoffMin
	case <-a.ctx.Done():
		return 0
	}
}
