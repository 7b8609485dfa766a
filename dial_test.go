package clock_test

import (
	"context"
	"errors"
	"net"
	"strings"
	"testing"

	"clock"
)

func TestCause(t *testing.T) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	check(t, err)
	check(t, ln.Close())
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
		if got := clock.Cause(tt.err); got != tt.want {
			t.Errorf("Cause(%v) = %q, want %q", tt.err, got, tt.want)
		}
	}
}

func TestCheckAddress(t *testing.T) {
	tests := []struct{ network, addr, because string }{
		{"tcp", "localhost:8000", ""},
		{"tcp6", "[::1]:8000", ""},
		{"unix", "/run/clock.sock", ""},
		{"tcp", "localhost", "not host:port"},
		{"tcp", "localhost:", "not host:port"},
		{"tcp", "localhost:99999", "no valid port"},
		{"unix", "", "empty"},
		{"udp", "localhost:8000", "unknown network"},
		{"tcp", "[fe80::1%1]:8000", ""}, // the number of an interface
		{"tcp", "[fe80::1]:8000", "try fe80::1%eth0"},
		{"tcp", "[fe80::1%nowhere]:8000", `no network interface "nowhere"`},
	}
	for _, tt := range tests {
		err := clock.CheckAddress(tt.network, tt.addr)
		if tt.because == "" && err != nil || tt.because != "" && (err == nil || !strings.Contains(err.Error(), tt.because)) {
			t.Errorf("CheckAddress(%s, %q) = %v, want %q", tt.network, tt.addr, err, tt.because)
		}
	}
}
