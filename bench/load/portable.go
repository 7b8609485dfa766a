package load

import (
	"context"
	"net"
	"sync"
	"time"
)

// A portable worker is the whole fleet over package net, a goroutine per
// client. A line arrives when its goroutine reads it, which is late when the
// machine is busy: it measures the fleet along with the server.
type portable struct {
	status
	server  net.Addr
	running sync.WaitGroup
	ctx     context.Context // done when the clients are to end

	mu     sync.Mutex           // guards what follows, and the clients
	*rota                       // of all clients
	cancel []context.CancelFunc // ends a client, from when it has called
}

func newPortable(c Config, server net.Addr, start time.Time) *portable {
	p := &portable{server: server, rota: newRota(c, share{0, 1}, start)}
	p.by = p
	p.cancel = make([]context.CancelFunc, len(p.clients))
	return p
}

func (p *portable) report() *status { return &p.status }

// work implements worker.
func (p *portable) work(s *signals) {
	var cancel context.CancelFunc
	p.ctx, cancel = context.WithCancel(context.Background())
	for !s.stop.Load() {
		time.Sleep(p.step(s))
	}
	cancel()
	p.running.Wait()
}

// step does what is due and returns how long nothing else will be.
func (p *portable) step(s *signals) time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := time.Now()
	p.heed(s, now)
	p.look(now)
	if p.isOver(s, now) {
		p.endWindow(s)
	}
	p.publish(p.tally, now)
	return p.due(now)
}

// dial starts client i.
func (p *portable) dial(i int) {
	var ctx context.Context
	ctx, p.cancel[i] = context.WithCancel(p.ctx)
	p.call(&p.clients[i], time.Now().UnixNano())
	p.running.Go(func() { p.client(ctx, i) })
}

// leave ends client i, if it has called.
func (p *portable) leave(i int) {
	if cancel := p.cancel[i]; cancel != nil {
		cancel()
	}
}

// client is a client, until its connection ends or ctx is done.
func (p *portable) client(ctx context.Context, i int) {
	err := p.receive(ctx, i)
	p.mu.Lock()
	defer p.mu.Unlock()
	if ctx.Err() == nil {
		p.end(&p.clients[i], reason(err))
	}
}

func (p *portable) receive(ctx context.Context, i int) error {
	dialer := net.Dialer{LocalAddr: p.localAddr(i)}
	conn, err := dialer.DialContext(ctx, p.server.Network(), p.server.String())
	if err != nil {
		return err
	}
	defer conn.Close()
	defer context.AfterFunc(ctx, func() { conn.Close() })()
	if p.role(i) == stalled {
		<-ctx.Done()
		return ctx.Err()
	}
	buf := make([]byte, 512)
	for {
		n, err := conn.Read(buf)
		now := time.Now().UnixNano()
		p.mu.Lock()
		if ctx.Err() == nil && n > 0 {
			p.data(&p.clients[i], buf[:n], now)
		}
		p.mu.Unlock()
		if err != nil {
			return err
		}
	}
}

func (p *portable) role(i int) role {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.clients[i].role
}
