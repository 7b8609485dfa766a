//go:build linux && faults

package faults

import (
	"net"
	"os"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"
	"golang.org/x/sys/unix"
)

// TestBacklogOverflows has more clients come to a server that is stopped than
// the kernel lets wait for it. Of the others it drops the packets, which they
// send again after 1, 3, 7 and 15 s. When the server goes on, all are served.
func TestBacklogOverflows(t *testing.T) {
	backlog := maxBacklog(t)
	clients := max(5000, backlog+1000)
	if clients > 10000 {
		t.Skipf("needs a backlog that %d clients overflow: set net.core.somaxconn to less than 9000", clients)
	}
	alone(t, func(t *testing.T, v variant) {
		srv := start(t, v)
		srv.signal(t, unix.SIGSTOP)
		conns := make([]net.Conn, clients)
		var all errgroup.Group
		var dialling atomic.Int64
		for i := range conns {
			all.Go(func() error {
				dialling.Add(1)
				var err error
				if conns[i], err = net.DialTimeout(srv.network, srv.addr, patience); err != nil {
					return err
				}
				_, err = newClient(conns[i]).next()
				return err
			})
		}
		within(t, "the backlog overflows", patience, func() bool {
			return dialling.Load() == int64(clients) && srv.sockets(t).waiting > backlog
		})
		srv.signal(t, unix.SIGCONT)
		continued := time.Now()
		if err := all.Wait(); err != nil {
			t.Error(err)
		}
		t.Logf("%d clients waited in the backlog; the last of %d was served %v after the server went on", backlog, clients, time.Since(continued))
		for _, conn := range conns {
			if conn != nil {
				_ = conn.Close()
			}
		}
	})
}

// maxBacklog returns the number of clients that the kernel lets wait for a
// server that asks for no other.
func maxBacklog(t *testing.T) int {
	t.Helper()
	text, err := os.ReadFile("/proc/sys/net/core/somaxconn")
	if err != nil {
		t.Fatal(err)
	}
	n, err := strconv.Atoi(strings.TrimSpace(string(text)))
	if err != nil {
		t.Fatal(err)
	}
	return n
}
