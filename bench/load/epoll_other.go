//go:build !linux

package load

import (
	"errors"
	"net/netip"
	"time"
)

// kernelStamps says that there is no fleet here whose lines the kernel stamps.
const kernelStamps = ""

func newWorker(Config, share, netip.AddrPort, time.Time) (worker, error) {
	return nil, errors.ErrUnsupported
}
