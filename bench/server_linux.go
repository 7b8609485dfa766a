package bench

import (
	"fmt"
	"os/exec"
	"strings"

	"golang.org/x/sys/unix"
)

// addrPlace is where the command of a server takes its address.
const addrPlace = "{addr}"

// startServer starts the server that is measured and returns its address.
func (t trial) startServer() (p *process, addr string, err error) {
	addr = isolatedAddr
	if !t.isolated {
		if addr, err = freeAddr(); err != nil {
			return nil, "", err
		}
	}
	if t.variant.Command != "" {
		p, err = t.startForeign(addr)
		return p, addr, err
	}
	cmd, err := roleCommand(serverRole, serverSpec{t.variant.Engine, t.variant.Ticker, t.fleet.Interval, addr, t.census})
	if err != nil {
		return nil, "", err
	}
	p, err = start(cmd, t.serverCPU, t.census > 0)
	return p, addr, err
}

// startForeign starts a server of another make, by the command as a shell takes
// it, in the environment that ours have.
func (t trial) startForeign(addr string) (*process, error) {
	if !t.isolated && !strings.Contains(t.variant.Command, addrPlace) {
		return nil, fmt.Errorf("its command has no %s, and only root can give it a network namespace, where all listen on %s", addrPlace, isolatedAddr)
	}
	if err := passFileLimit(); err != nil {
		return nil, err
	}
	cmd := exec.Command("/bin/sh", "-c", strings.ReplaceAll(t.variant.Command, addrPlace, addr))
	cmd.Env = environ()
	p, err := start(cmd, t.serverCPU, false)
	if err != nil {
		return nil, err
	}
	if err := p.watch(); err != nil {
		p.kill()
		return nil, err
	}
	return p, nil
}

// passFileLimit lets the processes that this one starts have as many open files
// as it may have itself. A program in Go raises that limit for itself when it
// starts, and gives the lower one on to others, unless it sets the limit itself.
func passFileLimit() error {
	var limit unix.Rlimit
	if err := unix.Getrlimit(unix.RLIMIT_NOFILE, &limit); err != nil {
		return err
	}
	return unix.Setrlimit(unix.RLIMIT_NOFILE, &limit)
}
