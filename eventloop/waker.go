package eventloop

import (
	"io"
	"sync"

	"github.com/panjf2000/gnet/v2"
)

// A waker wakes a loop, by the self-pipe trick: a pair of sockets, one of which
// is a connection of the loop like any other, so that a wake-up is an event among
// the others. A loop that has more to do wakes itself, and gets to the other
// events first; a task that it posted to itself would come before them.
type waker struct {
	loop *loop

	mu    sync.Mutex
	pipe  io.WriteCloser // guarded by mu: what is written here the loop hears
	awake bool           // guarded by mu: woken, and not running yet; or closed
}

// newWaker makes the waker of l.
func newWaker(reactor *gnet.Client, l *loop) (*waker, error) {
	pipe, conn, err := newPipe()
	if err != nil {
		return nil, err
	}
	w := &waker{loop: l, pipe: pipe}
	if _, err := reactor.EnrollContext(conn, w); err != nil {
		_ = pipe.Close()
		return nil, err
	}
	return w, nil
}

// wake makes the loop run. It never blocks, since the socket holds more than the
// one byte that is ever on its way, and anybody may call it.
func (w *waker) wake() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if !w.awake {
		w.awake = true
		_, _ = w.pipe.Write([]byte{0})
	}
}

// heard notes that the loop runs.
func (w *waker) heard() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.awake = false
}

// close closes the pipe. Nobody writes to it any more, which matters: its file
// descriptor may be another's by then.
func (w *waker) close() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.awake = true
	_ = w.pipe.Close()
}

// wakeAll wakes every loop.
func (s *server) wakeAll() {
	for _, l := range s.loops {
		l.waker.wake()
	}
}
