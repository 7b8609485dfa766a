//go:build !linux

package floor

import (
	"context"
	"errors"
	"fmt"
	"net"
	"runtime"

	"clock"
)

func serve(context.Context, net.Listener, clock.Face, clock.Ticker) error {
	return fmt.Errorf("the floor on %s: %w: measure it on Linux", runtime.GOOS, errors.ErrUnsupported)
}
