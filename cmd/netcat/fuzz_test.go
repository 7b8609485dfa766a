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
		"localhost:8000",
		"-n=1 -network=unix /tmp/clock.sock",
		"-n=-1 [::1]:8000",
		"-help",
		"-no\nflag",
		"-x localhost:8000 localhost",
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
