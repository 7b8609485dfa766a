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
	stop    context.CancelFunc

	mu     sync.Mutex           // guards what follows, and the clients
	*rota                       // of all clients
	cancel []context.CancelFunc // ends a client, from when it has called
}

func newPortable(c Config, server net.Addr, start time.Time) *portable {
	p := &portable{server: server, rota: newRota(c, share{0, 1}, start)}
	p.by = p
	p.ctx, p.stop = context.WithCancel(context.Background())
	p.cancel = make([]context.CancelFunc, len(p.clients))
	return p
}

func (p *portable) report() *status { return &p.status }

// work implements worker.
func (p *portable) work(s *signals) {
	for !s.stop.Load() {
		time.Sleep(p.step(s))
	}
	p.stop()
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

// adopt implements worker.
func (p *portable) adopt(g *greeting) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.call(&p.clients[0], g.called)
	p.data(&p.clients[0], g.line, g.arrival)
	p.next = 1
	p.run(0, func(context.Context) (net.Conn, error) { return g.conn, nil })
}

// dial starts client i.
func (p *portable) dial(i int) {
	p.call(&p.clients[i], time.Now().UnixNano())
	dialer := net.Dialer{LocalAddr: p.localAddr(i)}
	p.run(i, func(ctx context.Context) (net.Conn, error) {
		return dialer.DialContext(ctx, p.server.Network(), p.server.String())
	})
}

// run runs client i.
func (p *portable) run(i int, connect func(context.Context) (net.Conn, error)) {
	var ctx context.Context
	ctx, p.cancel[i] = context.WithCancel(p.ctx)
	p.running.Go(func() { p.client(ctx, i, connect) })
}

// leave ends client i, if it has called.
func (p *portable) leave(i int) {
	if cancel := p.cancel[i]; cancel != nil {
		cancel()
	}
}

// client is a client, until its connection ends or ctx is done.
func (p *portable) client(ctx context.Context, i int, connect func(context.Context) (net.Conn, error)) {
	conn, err := connect(ctx)
	if err == nil {
		err = p.receive(ctx, i, conn)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if ctx.Err() == nil {
		p.end(&p.clients[i], reason(err))
	}
}

// receive reads what comes for client i, and closes its connection.
func (p *portable) receive(ctx context.Context, i int, conn net.Conn) error {
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
