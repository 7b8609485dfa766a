package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"syscall"

	"clock/address"
)

// netcat copies what the server sends to stdout until one of them ends, ctx is
// done, or the limit of lines is reached.
func netcat(ctx context.Context, opts options, stdout io.Writer) error {
	dialer := net.Dialer{Timeout: address.DialTimeout}
	conn, err := dialer.DialContext(ctx, opts.network, opts.address)
	if err != nil {
		return fmt.Errorf("cannot connect to %s: %s; is the clock server running there?", opts.address, address.Cause(err))
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
			return fmt.Errorf("cannot write to standard output: %s", address.Cause(err))
		}

		switch {
		case opts.limit > 0 && lines == opts.limit:
			return nil
		case readErr == io.EOF && lines < opts.limit:
			return fmt.Errorf("%s ended after %d of %d lines", opts.address, lines, opts.limit)
		case readErr == io.EOF:
			return nil
		case readErr != nil:
			return fmt.Errorf("lost the connection to %s: %s", opts.address, address.Cause(readErr))
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
