package eventloop

import (
	"sync"

	"github.com/panjf2000/gnet/v2"
)

// A doorbell wakes a loop. It is a pair of sockets, one of which is a
// connection of the loop like any other, so that a ring is an event among the
// others. A loop that has more to do rings at its own door, and gets to the
// other events first; a task that it posted to itself would come before them.
type doorbell struct {
	loop *loop

	mu     sync.Mutex
	button button // guarded by mu
	rung   bool   // guarded by mu: and not yet answered, or taken down
}

// hang hangs a doorbell at the door of l.
func hang(client *gnet.Client, l *loop) (*doorbell, error) {
	button, conn, err := newButton()
	if err != nil {
		return nil, err
	}
	bell := &doorbell{loop: l, button: button}
	if _, err := client.EnrollContext(conn, bell); err != nil {
		button.close()
		return nil, err
	}
	return bell, nil
}

// ring makes the loop run. It never blocks, and anybody may call it.
func (b *doorbell) ring() {
	b.mu.Lock()
	defer b.mu.Unlock()
	if !b.rung {
		b.rung = true
		b.button.press()
	}
}

// takeDown closes the button. Nobody can press it any more, which matters: its
// file descriptor may be another's by then.
func (b *doorbell) takeDown() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.rung = true
	b.button.close()
}

func (b *doorbell) opened(_ *loop, conn gnet.Conn) { b.loop.el = conn.EventLoop() }

func (b *doorbell) readable() {
	b.mu.Lock()
	b.rung = false
	b.mu.Unlock()
	b.loop.run()
}

func (b *doorbell) closed() {}
