package load

import (
	"context"
	"net"
	"net/netip"
	"sync"
	"time"
)

// A portable worker is the whole fleet over package net, a goroutine per
// client. A line arrives when its goroutine reads it, which is late when the
// machine is busy: it measures the fleet along with the server.
type portable struct {
	status
	Config
	server net.Addr
	start  time.Time

	running sync.WaitGroup
	mu      sync.Mutex // guards what follows, and the clients
	tally   *tally
	clients []client
	leave   []context.CancelFunc // of each client, from when it has called

	next     int       // the first client that has yet to connect
	turns    []int     // the churning clients
	turn     int       // how many turns they have taken
	churning time.Time // when they began to
	storming bool
	over     bool
	looked   time.Time
}

func newPortable(c Config, server net.Addr, start time.Time) *portable {
	p := &portable{Config: c, server: server, start: start, tally: newTally(c), clients: share{0, 1}.clients(c)}
	p.leave = make([]context.CancelFunc, len(p.clients))
	for i := range p.clients {
		if p.clients[i].role == churning {
			p.turns = append(p.turns, i)
		}
	}
	return p
}

func (p *portable) count() *tally   { return p.tally }
func (p *portable) report() *status { return &p.status }

// work implements worker.
func (p *portable) work(s *signals) {
	ctx, cancel := context.WithCancel(context.Background())
	for !s.stop.Load() {
		time.Sleep(p.step(ctx, s))
	}
	cancel()
	p.running.Wait()
}

// step does what is due and returns how long nothing else will be.
func (p *portable) step(ctx context.Context, s *signals) time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	t, now := p.tally, time.Now()
	if open := s.window.Load(); open != nil && t.window.from == 0 {
		t.open(*open)
		p.churning = now
	}
	if storm := s.storm.Load(); storm != nil && !p.storming {
		p.storming = true
		for _, leave := range p.leave {
			leave()
		}
		t.join, p.start, p.next, p.Rate, p.turns = t.storm, *storm, 0, AtOnce, nil
	}
	if !p.looked.IsZero() && t.window.has(now.UnixNano()) {
		t.behind = max(t.behind, now.Sub(p.looked))
	}
	p.looked = now
	if t.window.from != 0 && !p.over && now.UnixNano() > s.close() {
		t.close(p.clients, s.close())
		p.over = true
		s.open.Done()
	}
	p.publish(t, now)
	return p.due(ctx, now)
}

// due lets clients call whose time has come.
func (p *portable) due(ctx context.Context, now time.Time) time.Duration {
	for ; p.next < len(p.clients); p.next++ {
		due := p.start.Add(time.Duration(float64(p.next) / p.Rate * float64(time.Second)))
		if wait := due.Sub(now); wait > 0 {
			return min(wait, look)
		}
		p.dial(ctx, p.next)
	}
	if len(p.turns) == 0 || p.churning.IsZero() {
		return look
	}
	for {
		due := p.churning.Add(time.Duration(float64(p.turn) / p.Churn * float64(time.Second)))
		if wait := due.Sub(now); wait > 0 {
			return min(wait, look)
		}
		i := p.turns[p.turn%len(p.turns)]
		p.leave[i]()
		p.dial(ctx, i)
		p.turn++
	}
}

// dial starts client i.
func (p *portable) dial(ctx context.Context, i int) {
	ctx, p.leave[i] = context.WithCancel(ctx)
	p.tally.call(&p.clients[i], time.Now().UnixNano())
	p.running.Go(func() { p.client(ctx, i) })
}

// client is a client, until its connection ends or ctx is done.
func (p *portable) client(ctx context.Context, i int) {
	err := p.receive(ctx, i)
	p.mu.Lock()
	defer p.mu.Unlock()
	if ctx.Err() == nil {
		p.tally.end(&p.clients[i], reason(err))
	}
}

func (p *portable) receive(ctx context.Context, i int) error {
	dialer := net.Dialer{LocalAddr: source(p.Sources, i)}
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
			p.tally.data(&p.clients[i], buf[:n], now)
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

// source returns the address that client i connects from; nil means that the
// kernel chooses.
func source(sources []netip.Addr, i int) net.Addr {
	if len(sources) == 0 {
		return nil
	}
	return net.TCPAddrFromAddrPort(netip.AddrPortFrom(sources[i%len(sources)], 0))
}
