//go:build linux && faults

package faults

import (
	"fmt"
	"os/exec"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

// A wire joins two hosts, network namespaces of their own, which have nothing
// else but a loopback. Hosts and wire end with the test, however it ends: the
// kernel removes a namespace with the last thread and socket in it.
type wire struct {
	server, client *place
}

// The addresses of the two hosts (RFC 5737), and the name of the device at
// either end of the wire.
const (
	serverIP = "192.0.2.1"
	clientIP = "192.0.2.2"
	device   = "wire"
)

// newWire makes the hosts, each with an IPv4 address. It skips the test where
// that may not be done.
func newWire(t *testing.T) wire {
	t.Helper()
	needRoot(t)
	needCommand(t, "ip", "install iproute2")
	w := wire{server: namespace(t), client: namespace(t)}
	var client int
	w.client.do(func() { client = unix.Gettid() })
	w.server.need(t, "veth devices", "ip", "link", "add", device, "type", "veth", "peer", "name", device, "netns", strconv.Itoa(client))
	w.each(t, "ip", "link", "set", device, "up")
	w.server.run(t, "ip", "addr", "add", serverIP+"/24", "dev", device)
	w.client.run(t, "ip", "addr", "add", clientIP+"/24", "dev", device)
	return w
}

// each runs a command on both hosts.
func (w wire) each(t *testing.T, args ...string) {
	t.Helper()
	w.server.run(t, args...)
	w.client.run(t, args...)
}

// start starts a clock on the server's host that listens on its IPv4 address.
func (w wire) start(t *testing.T, v variant, flags ...string) *process {
	t.Helper()
	flags = append([]string{"-addr=" + serverIP + ":0"}, flags...)
	return command{variant: v, flags: flags, in: w.server}.start(t)
}

// dial connects a client from the client's host.
func (w wire) dial(t *testing.T, srv *process) *client {
	t.Helper()
	return w.from(srv).dial(t)
}

// dialSmall connects a client that takes few lines before it is slow.
func (w wire) dialSmall(t *testing.T, srv *process) *client {
	t.Helper()
	return w.from(srv).dialSmall(t)
}

// from returns the server as it is seen from the client's host.
func (w wire) from(srv *process) *process {
	return &process{place: w.client, network: srv.network, addr: srv.addr}
}

// run runs a command in the place, which must succeed, and returns what it has
// written.
func (p *place) run(t *testing.T, args ...string) string {
	t.Helper()
	out, err := p.try(args...)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// need runs a command in the place. It skips the test where the command fails,
// since the kernel lacks something.
func (p *place) need(t *testing.T, what string, args ...string) {
	t.Helper()
	if _, err := p.try(args...); err != nil {
		t.Skipf("needs %s: %v: use a kernel that has them", what, err)
	}
}

// try runs a command in the place and returns what it has written.
func (p *place) try(args ...string) (string, error) {
	var out []byte
	var err error
	p.do(func() { out, err = exec.Command(args[0], args[1:]...).CombinedOutput() })
	text := strings.TrimSpace(string(out))
	if err != nil {
		err = fmt.Errorf("%s: %w: %s", strings.Join(args, " "), err, text)
	}
	return text, err
}
