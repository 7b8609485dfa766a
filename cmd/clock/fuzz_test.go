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
		"-engine=gnet -ticker=shared -tz=Asia/Tokyo -layout=RFC1123",
		"-network=unix -addr=/tmp/clock.sock -interval=100ms",
		"-addr=[::1]:8000 -port=0 -max-conns=-1",
		"-port=65536 -version",
		"serve",
	)
}
