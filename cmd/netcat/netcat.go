package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"syscall"
	"time"
)

// dialTimeout bounds the wait for a host that does not answer at all; without
// it the kernel keeps trying for about two minutes.
const dialTimeout = 10 * time.Second

// netcat copies what the server sends to stdout until one of them ends, ctx is
// done, or the limit of lines is reached.
func netcat(ctx context.Context, opts options, stdout io.Writer) error {
	dialer := net.Dialer{Timeout: dialTimeout}
	conn, err := dialer.DialContext(ctx, opts.network, opts.address)
	if err != nil {
		return fmt.Errorf("cannot connect to %s: %s; is the clock server running there?", opts.address, reason(err))
	}
	defer conn.Close()
	defer context.AfterFunc(ctx, func() { conn.Close() })()

	lines := 0
	for buf := make([]byte, 4096); ; {
		n, readErr := conn.Read(buf)
		part, count := head(buf[:n], opts.limit-lines)
		lines += count
		if _, err := stdout.Write(part); errors.Is(err, syscall.EPIPE) {
			return nil
		} else if err != nil {
			return fmt.Errorf("cannot write to standard output: %s", reason(err))
		}

		switch {
		case opts.limit > 0 && lines == opts.limit:
			return nil
		case readErr == io.EOF && lines < opts.limit:
			return fmt.Errorf("%s ended after %d of %d lines", opts.address, lines, opts.limit)
		case readErr == io.EOF:
			return nil
		case readErr != nil:
			return fmt.Errorf("lost the connection to %s: %s", opts.address, reason(readErr))
		}
	}
}

// head returns data up to the end of line number limit, and how many lines
// end in that; all of data if there are fewer, or limit is not positive.
func head(data []byte, limit int) (part []byte, lines int) {
	for i, c := range data {
		if c != '\n' {
			continue
		}
		lines++
		if lines == limit {
			return data[:i+1], lines
		}
	}
	return data, lines
}

// reason returns the innermost cause of err: "connection refused", not "dial
// tcp 127.0.0.1:8000: connect: connection refused".
func reason(err error) string {
	if errors.Is(err, context.DeadlineExceeded) {
		return fmt.Sprintf("no answer within %v", dialTimeout)
	}
	for errors.Unwrap(err) != nil {
		err = errors.Unwrap(err)
	}
	return err.Error()
}
