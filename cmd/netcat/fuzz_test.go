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
		"localhost:8000",
		"-n=1 -network=unix /tmp/clock.sock",
		"-n=-1 [::1]:8000",
		"-x localhost:8000 localhost",
	)
}
