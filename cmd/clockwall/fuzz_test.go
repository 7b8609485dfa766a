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
		"NewYork=localhost:8010 Tokyo=[::1]:8020",
		"-once -layout=RFC1123 -network=unix a=/tmp/a.sock",
		"-layout=2006-01-02 a=b:1",
		"=localhost:8000 a=a:1 a=b:1",
		"-help",
		"-no\nflag",
		"=\n",
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
