package load

import (
	"errors"
	"net"
	"net/netip"
	"runtime"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"
)

// kernelStamps is the name of a fleet whose lines the kernel stamps.
const kernelStamps = "epoll"

const (
	// maxEvents is how many sockets are taken from the kernel at once.
	maxEvents = 512
	// stalledBuffer is the receive buffer of a client that never reads, in
	// bytes: the kernel's least, so that its server soon has to hold the lines.
	stalledBuffer = 2304
)

// An epollWorker is an event loop for clients: it waits for a line, lets
// others gather, reads them all, and waits again.
type epollWorker struct {
	*rota
	status
	server  unix.Sockaddr
	sources []unix.Sockaddr // none means the kernel's choice

	epoll int
	in    receiver
	more  bool // was announced again and is unread
}

// newWorker returns a worker for a share of the fleet.
func newWorker(c Config, s share, target netip.AddrPort, start time.Time) (worker, error) {
	w := &epollWorker{rota: newRota(c, s, start)}
	w.by = w
	var err error
	if w.server, err = sockaddr(target); err != nil {
		return nil, err
	}
	for _, source := range sources(c, target.Addr()) {
		// The port is chosen by connect, which may reuse those of other
		// destinations.
		addr, err := sockaddr(netip.AddrPortFrom(source, 0))
		if err != nil {
			return nil, err
		}
		w.sources = append(w.sources, addr)
	}
	w.epoll, err = unix.EpollCreate1(unix.EPOLL_CLOEXEC)
	return w, err
}

func (w *epollWorker) report() *status { return &w.status }

// work implements worker.
func (w *epollWorker) work(s *signals) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	defer unix.Close(w.epoll)
	defer w.hangUp()
	events := make([]unix.EpollEvent, maxEvents)
	busy := false
	for !s.stop.Load() {
		now := time.Now()
		w.heed(s, now)
		wait := w.due(now)
		if w.more {
			wait = 0
		}
		over := w.isOver(s, now)
		if busy && wait > 0 {
			nap(w.Batch) // the next line is not far: to wait for it first would be to sleep twice
		} else {
			w.wait(events, wait)
		}
		busy = w.drain(events)
		now = time.Now()
		w.look(now)
		if over {
			w.endWindow(s)
		}
		w.publish(w.tally, now)
	}
}

// dial lets client i call connect.
func (w *epollWorker) dial(i int) {
	c := &w.clients[i]
	w.call(c, time.Now().UnixNano())
	fd, err := w.socket(i, c.role)
	if err != nil {
		w.end(c, reason(err))
		return
	}
	if !w.register(i, fd) {
		return
	}
	if err := unix.Connect(fd, w.server); err != nil && err != unix.EINPROGRESS {
		w.drop(c, reason(err))
	}
}

// adopt implements worker. The connection is duplicated, for the socket of
// package net waits in an epoll of its own.
func (w *epollWorker) adopt(g *greeting) {
	defer g.conn.Close()
	c := &w.clients[0]
	w.call(c, g.called)
	w.next = 1
	fd, err := duplicate(g.conn)
	if err != nil {
		w.end(c, reason(err))
		return
	}
	if w.register(0, fd) {
		w.data(c, g.line, g.arrival)
	}
}

// register takes client i's socket into the epoll, and reports whether it could.
func (w *epollWorker) register(i, fd int) bool {
	c := &w.clients[i]
	c.fd = int32(fd)
	event := interest(i, c.role)
	err := unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_TIMESTAMPNS, 1)
	if err := errors.Join(err, unix.EpollCtl(w.epoll, unix.EPOLL_CTL_ADD, fd, &event)); err != nil {
		w.drop(c, reason(err))
		return false
	}
	return true
}

// duplicate returns a further descriptor of a connection's socket.
func duplicate(conn net.Conn) (fd int, err error) {
	socket, err := conn.(*net.TCPConn).SyscallConn()
	if err != nil {
		return -1, err
	}
	var failed error
	err = socket.Control(func(of uintptr) { fd, failed = unix.FcntlInt(of, unix.F_DUPFD_CLOEXEC, 0) })
	return fd, errors.Join(err, failed)
}

// socket returns a socket for client i.
func (w *epollWorker) socket(i int, r role) (int, error) {
	family := unix.AF_INET
	if _, ok := w.server.(*unix.SockaddrInet6); ok {
		family = unix.AF_INET6
	}
	fd, err := unix.Socket(family, unix.SOCK_STREAM|unix.SOCK_NONBLOCK|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return -1, err
	}
	if r == stalled {
		err = unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_RCVBUF, stalledBuffer)
	}
	if len(w.sources) > 0 {
		err = errors.Join(err, unix.SetsockoptInt(fd, unix.SOL_IP, unix.IP_BIND_ADDRESS_NO_PORT, 1),
			unix.Bind(fd, w.sources[w.fleet.of(i)%len(w.sources)]))
	}
	if err != nil {
		unix.Close(fd)
		return -1, err
	}
	return fd, nil
}

// leave closes client i's connection, if it has one.
func (w *epollWorker) leave(i int) {
	c := &w.clients[i]
	if c.state == calling || c.state == served {
		unix.Close(int(c.fd))
		delete(w.held, c)
	}
	c.state = waiting
}

// drop ends a client whose connection has failed.
func (w *epollWorker) drop(c *client, cause string) {
	unix.Close(int(c.fd))
	w.end(c, cause)
}

// wait waits until a line has come, and then for others to gather.
func (w *epollWorker) wait(events []unix.EpollEvent, most time.Duration) {
	if w.poll(events[:1], most) == 0 {
		return
	}
	if most > 0 {
		nap(w.Batch)
	}
	w.read(events[0])
}

// poll takes events, waiting at most the given time, rounded up to a
// millisecond, for the first.
//
// It sleeps, as nap does, without telling the scheduler of Go. Told, that
// would take this thread's processor away and give it back a thousand times a
// second, and sysmon, its watchdog, would look every 20 µs for as long: that
// costs more than the lines do.
func (w *epollWorker) poll(events []unix.EpollEvent, most time.Duration) int {
	ms := (most + time.Millisecond - 1) / time.Millisecond
	n, _, errno := unix.RawSyscall6(unix.SYS_EPOLL_PWAIT, uintptr(w.epoll),
		uintptr(unsafe.Pointer(&events[0])), uintptr(len(events)), uintptr(ms), 0, 0)
	if errno != 0 {
		return 0 // a signal
	}
	return int(n)
}

// nap sleeps.
func nap(d time.Duration) {
	t := unix.NsecToTimespec(int64(d))
	unix.RawSyscall(unix.SYS_NANOSLEEP, uintptr(unsafe.Pointer(&t)), 0, 0)
}

// drain reads what has come by now, and reports whether anything had. It reads
// as many times as there are clients, at the most: whoever has announced
// something is read once, and those that send without pause hold up nobody.
func (w *epollWorker) drain(events []unix.EpollEvent) (came bool) {
	w.more = false
	for left := len(w.clients); left > 0; {
		n := w.poll(events, 0)
		for _, event := range events[:n] {
			w.read(event)
		}
		came = came || n > 0
		if n < len(events) {
			break
		}
		left -= n
	}
	return came
}

// read reads once what has come for a client, mostly a line.
func (w *epollWorker) read(event unix.EpollEvent) {
	i := int(event.Fd)
	c := &w.clients[i]
	if c.state != calling && c.state != served {
		return
	}
	if c.role == stalled && c.state == calling {
		w.drop(c, closedByServer) // the only event that it waits for
		return
	}
	n, arrival, err := w.in.receive(int(c.fd))
	switch {
	case err == unix.EAGAIN:
		return
	case err != nil:
		w.drop(c, reason(err))
		return
	case n == 0:
		w.drop(c, closedByServer)
		return
	case arrival == 0:
		arrival = time.Now().UnixNano()
		if w.window.has(arrival) {
			w.untimed++
		}
	}
	w.data(c, w.in.data[:n], arrival)
	if ended := event.Events&(unix.EPOLLRDHUP|unix.EPOLLHUP|unix.EPOLLERR) != 0; ended || n == len(w.in.data) {
		w.announceAgain(i)
	}
}

// announceAgain has what is left unread announced, after what others have:
// events are edges.
func (w *epollWorker) announceAgain(i int) {
	c := &w.clients[i]
	event := interest(i, c.role)
	if err := unix.EpollCtl(w.epoll, unix.EPOLL_CTL_MOD, int(c.fd), &event); err != nil {
		w.drop(c, reason(err))
	}
	w.more = true
}

// interest is what client i waits for. A stalled client waits for nothing but
// the end.
func interest(i int, r role) unix.EpollEvent {
	event := unix.EpollEvent{Fd: int32(i), Events: unix.EPOLLRDHUP | unix.EPOLLET}
	if r != stalled {
		event.Events |= unix.EPOLLIN
	}
	return event
}
