package main

import (
	"bytes"
	"io"
	"time"
)

const (
	// logBacklog is the number of log lines that wait for a reader. Lines are
	// rare, one a second at the most, so this is longer than a hiccup.
	logBacklog = 64

	// logPatience is how long the end of the program waits for the reader.
	logPatience = 100 * time.Millisecond
)

// A logWriter writes log lines to a writer that may block, such as a pipe that
// nobody reads, without ever blocking itself: what finds no room is lost. The
// server would otherwise stop for its log.
type logWriter struct {
	lines chan []byte
	stop  chan struct{}
	done  chan struct{}
}

func newLogWriter(w io.Writer) *logWriter {
	l := &logWriter{
		lines: make(chan []byte, logBacklog),
		stop:  make(chan struct{}),
		done:  make(chan struct{}),
	}
	go l.run(w)
	return l
}

// Write implements [io.Writer]. It never fails: there is nobody to tell.
func (l *logWriter) Write(line []byte) (int, error) {
	select {
	case l.lines <- bytes.Clone(line):
	default:
	}
	return len(line), nil
}

// Close gives the lines written so far a little time to get through.
func (l *logWriter) Close() {
	close(l.stop)
	select {
	case <-l.done:
	case <-time.After(logPatience):
	}
}

func (l *logWriter) run(w io.Writer) {
	defer close(l.done)
	for {
		select {
		case line := <-l.lines:
			_, _ = w.Write(line)
		case <-l.stop:
			for len(l.lines) > 0 {
				_, _ = w.Write(<-l.lines)
			}
			return
		}
	}
}
