package bench

import (
	"context"
	"io"
	"net"
	"regexp"
	"testing"
)

// TestFirstLineOfAServer is about servers that could fill the memory, or keep a
// measurement waiting that is interrupted.
func TestFirstLineOfAServer(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name   string
		behave func(c net.Conn, interrupt func())
		want   string // expression; "" means a line
	}{
		{"a line", func(c net.Conn, _ func()) { io.WriteString(c, "12:00:00\n") }, ""},
		{"no line", func(c net.Conn, _ func()) { io.WriteString(c, "12:00") }, "EOF"},
		{"no end of a line", func(c net.Conn, _ func()) {
			for err := error(nil); err == nil; {
				_, err = c.Write(make([]byte, 1<<16))
			}
		}, "without a newline"},
		{"nothing, until it is interrupted", func(c net.Conn, interrupt func()) { interrupt(); io.Copy(io.Discard, c) }, "i/o timeout|canceled"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			ln, err := net.Listen("tcp", "127.0.0.1:0")
			if err != nil {
				t.Fatal(err)
			}
			defer ln.Close()
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			go func() {
				conn, err := ln.Accept()
				if err != nil {
					return
				}
				defer conn.Close()
				tt.behave(conn, cancel)
			}()
			err = readLine(ctx, ln.Addr().String())
			if tt.want == "" && err != nil || tt.want != "" && (err == nil || !regexp.MustCompile(tt.want).MatchString(err.Error())) {
				t.Errorf("readLine = %v, want %q", err, tt.want)
			}
		})
	}
}
