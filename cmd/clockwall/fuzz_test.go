package main

import (
	"io"
	"testing"

	"clock/cmd/internal/cmdtest"
)

func FuzzParse(f *testing.F) {
	parse := func(args []string) error {
		_, err := parse(args, io.Discard)
		return err
	}
	cmdtest.FuzzParse(f, parse,
		"NewYork=localhost:8010 Tokyo=[::1]:8020",
		"-once -layout=RFC1123 -network=unix a=/tmp/a.sock",
		"-layout=2006-01-02 a=b:1",
		"=localhost:8000 a=a:1 a=b:1",
		"=\n",
	)
}
