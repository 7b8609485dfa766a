//go:build !unix

package clocktest

import "syscall"

// setReceiveBuffer leaves the receive buffer as the system makes it: a slow
// client takes longer to stall.
func setReceiveBuffer(_, _ string, _ syscall.RawConn) error { return nil }
