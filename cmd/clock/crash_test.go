package main

import (
	"io"
	"os"
	"sync"
)

// crashVariable is the environment variable that makes a clock of the tests
// crash in the way that it names, once its standard input is closed.
const crashVariable = "CLOCK_TEST_CRASH"

// crashes are the ways in which a Go program ends itself.
var crashes = map[string]func(){
	"panic":         func() { panic("for the test") },
	"nil pointer":   func() { *(*int)(nil) = 1 },
	"fatal error":   func() { new(sync.Mutex).Unlock() },
	"out of memory": func() { reserve = make([]byte, 1<<47) },
}

// reserve keeps the compiler from leaving out what is not used.
var reserve []byte

func crashWhenTold() {
	crash := crashes[os.Getenv(crashVariable)]
	if crash == nil {
		return
	}
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		crash()
	}()
}
