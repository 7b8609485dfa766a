package address_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"runtime"
	"strings"
	"syscall"
	"testing"

	"clock/address"
)

func TestCause(t *testing.T) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_ = ln.Close()
	_, closed := net.Dial("tcp", ln.Addr().String())
	past, cancel := context.WithTimeout(context.Background(), 0)
	defer cancel()
	_, late := new(net.Dialer).DialContext(past, "tcp", "127.0.0.1:1")
	tests := []struct {
		err  error
		want string
	}{
		{closed, "connection refused"},
		{late, "no answer within 10s"},
		{errors.New("plain"), "plain"},
	}
	for _, tt := range tests {
		if got := address.Cause(tt.err); got != tt.want {
			t.Errorf("Cause(%v) = %q, want %q", tt.err, got, tt.want)
		}
	}
}

func TestCheck(t *testing.T) {
	room := len(syscall.RawSockaddrUnix{}.Path)
	abstract := func(wrong string) string {
		if runtime.GOOS != "linux" {
			return "only Linux has; give a path, such as ./@"
		}
		return wrong
	}
	tests := []struct{ network, addr, because string }{
		{"tcp", "localhost:8000", ""},
		{"tcp6", "[::1]:8000", ""},
		{"unix", "/run/clock.sock", ""},
		{"tcp", "localhost", "not host:port"},
		{"tcp", "localhost:", "not host:port"},
		{"tcp", "localhost:99999", "no valid port"},
		{"unix", "", "empty"},
		{"unix", strings.Repeat("x", room-1), ""},
		{"unix", strings.Repeat("x", room), fmt.Sprintf("too long: %d bytes, and unix(7) has room for %[1]d with the NUL at its end, so %d", room, room-1)},
		{"unix", "@clock", abstract("")},
		{"unix", "@" + strings.Repeat("x", room-1), abstract("")},
		{"unix", "@" + strings.Repeat("x", room), abstract(fmt.Sprintf("too long: %d bytes, and unix(7) has room for %d with the @", room+1, room))},
		{"udp", "localhost:8000", "unknown network"},
		{"tcp", "[fe80::1%1]:8000", ""}, // the number of an interface
		{"tcp", "[fe80::1]:8000", "try fe80::1%eth0"},
		{"tcp", "[fe80::1%nowhere]:8000", `no network interface "nowhere"`},
	}
	for _, tt := range tests {
		err := address.Check(tt.network, tt.addr)
		if tt.because == "" && err != nil || tt.because != "" && (err == nil || !strings.Contains(err.Error(), tt.because)) {
			t.Errorf("Check(%s, %q) = %v, want %q", tt.network, tt.addr, err, tt.because)
		}
	}
}
