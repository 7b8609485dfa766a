package main

import (
	"errors"
	"flag"
	"io"
	"strings"
	"testing"
)

// FuzzParse looks for arguments that make parse panic, or whose error is no
// line. A space ends an argument.
func FuzzParse(f *testing.F) {
	for _, args := range []string{
		"-engine=gnet -ticker=shared -tz=Asia/Tokyo -layout=RFC1123",
		"-network=unix -addr=/tmp/clock.sock -interval=100ms",
		"-addr=[::1]:8000 -port=0 -max-conns=-1",
		"-port=65536 -version",
		"-help",
		"-no\nflag",
		"serve",
	} {
		f.Add(args)
	}
	f.Fuzz(func(t *testing.T, args string) {
		_, err := parse(strings.Split(args, " "), io.Discard)
		if err == nil || errors.Is(err, flag.ErrHelp) {
			return
		}
		if msg := err.Error(); msg == "" || strings.Contains(msg, "\n") {
			t.Errorf("%q: the error is not one line: %q", args, msg)
		}
	})
}
