package main

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func TestLogWriterNeverBlocks(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r, w := io.Pipe() // holds nothing: a write waits for a read
		defer r.Close()
		start := time.Now()
		log := newLogWriter(w)
		for i := range 10 * logBacklog {
			if n, err := fmt.Fprintf(log, "line %d\n", i); n == 0 || err != nil {
				t.Errorf("Write = %d, %v", n, err)
			}
		}
		log.Close()
		if took := time.Since(start); took != logPatience {
			t.Errorf("written and closed in %v, want %v", took, logPatience)
		}
	})
}

func TestLogWriterKeepsLinesForASlowReader(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r, w := io.Pipe()
		log := newLogWriter(w)
		var want strings.Builder
		for i := range logBacklog {
			fmt.Fprintf(log, "line %d\n", i)
			fmt.Fprintf(&want, "line %d\n", i)
		}
		time.Sleep(time.Hour)
		got := make(chan string)
		go func() {
			text, _ := io.ReadAll(r)
			got <- string(text)
		}()
		log.Close()
		_ = w.Close()
		if got := <-got; got != want.String() {
			t.Errorf("the reader gets %q, want all lines", got)
		}
	})
}

// What was written before Close gets through: it may be why the server ends.
func TestLastLogLineGetsThrough(t *testing.T) {
	for range 20_000 {
		var out bytes.Buffer
		l := newLogWriter(&out)
		io.WriteString(l, "failed\n")
		l.Close()
		if out.String() != "failed\n" {
			t.Fatalf("written is %q", &out)
		}
	}
}
