package bench

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/netip"
	"os"
	"slices"
	"strings"
	"time"
)

// startPatience bounds the wait for a server that was started to listen.
const startPatience = 10 * time.Second

// awaitListener waits until the server listens at addr, in the network of this
// thread. It does not connect: a server that only writes does not see that a
// client has left until lines come back, and until then such a connection takes
// the place of a client.
//
// One of the server's processes must have the socket: what is measured is they.
func (p *process) awaitListener(ctx context.Context, addr string) error {
	ctx, cancel := context.WithTimeout(ctx, startPatience)
	defer cancel()
	for {
		ours, others, err := p.listens(addr)
		if err != nil || ours {
			return err
		}
		select {
		case <-p.exited:
			if !others {
				return p.explain(errors.New("the server has ended before it served a client"))
			}
			return fmt.Errorf("the server's command has ended and left a process behind that listens at %s: keep it in the foreground, so that it can be measured and ended", addr)
		case <-ctx.Done():
			if others {
				return fmt.Errorf("a process that is not of the server's process group listens at %s: keep the server in the foreground and in the group, so that it can be measured and ended", addr)
			}
			return fmt.Errorf("the server does not listen at %s within %v", addr, startPatience)
		case <-time.After(10 * time.Millisecond):
		}
	}
}

// listens reports whether a process of the group listens at addr, or only
// others do.
func (p *process) listens(addr string) (ours, others bool, err error) {
	target, err := netip.ParseAddrPort(addr)
	if err != nil {
		return false, false, err
	}
	inodes, err := listeners(target.Port())
	if err != nil || len(inodes) == 0 {
		return false, false, err
	}
	pids, _ := p.group.members() // an error is that there are none
	for _, pid := range pids {
		if hasSocket(pid, inodes) {
			return true, false, nil
		}
	}
	return false, true, nil
}

// listeners returns the inodes of the TCP sockets that listen at a port, in the
// network of this thread.
func listeners(port uint16) (inodes []string, err error) {
	for _, file := range []string{"/proc/thread-self/net/tcp", "/proc/thread-self/net/tcp6"} {
		text, err := os.ReadFile(file)
		if errors.Is(err, os.ErrNotExist) {
			continue // no IPv6
		}
		if err != nil {
			return nil, err
		}
		for line := range bytes.Lines(text) {
			// sl local_address rem_address st queues timer retransmits uid timeout inode
			const listening = "0A"
			words := strings.Fields(string(line))
			if len(words) > 9 && words[3] == listening && strings.HasSuffix(words[1], fmt.Sprintf(":%04X", port)) {
				inodes = append(inodes, words[9])
			}
		}
	}
	return inodes, nil
}

// hasSocket reports whether a process has one of the sockets open.
func hasSocket(pid int, inodes []string) bool {
	dir := fmt.Sprintf("/proc/%d/fd", pid)
	files, _ := os.ReadDir(dir) // what has ended has no sockets
	for _, f := range files {
		target, _ := os.Readlink(dir + "/" + f.Name())
		inode, isSocket := strings.CutPrefix(target, "socket:[")
		if isSocket && slices.Contains(inodes, strings.TrimSuffix(inode, "]")) {
			return true
		}
	}
	return false
}
