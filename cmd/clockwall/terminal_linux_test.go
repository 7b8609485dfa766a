package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// On a terminal the whole command draws a table of the terminal's width, and
// gives the cursor back.
func TestTerminal(t *testing.T) {
	accepted := make(chan struct{}, 1)
	clock, err := serveTime("tcp", "127.0.0.1:0", accepted)
	if err != nil {
		t.Fatal(err)
	}
	defer clock.Close()

	master, terminal := openTerminal(t, unix.Winsize{Row: 10, Col: 50})
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	code := make(chan int, 1)
	var stderr strings.Builder
	go func() {
		code <- run(ctx, []string{"A=" + clock.Addr().String(), "B=127.0.0.1:0"}, terminal, &stderr)
		terminal.Close()
	}()

	var shown bytes.Buffer
	readUntil(t, master, &shown, `A +127\.0\.0\.1:\d+ +\d\d:\d\d:\d\d +[+-]\S+s +running\r\n`)
	readUntil(t, master, &shown, `B +127\.0\.0\.1:0 +- +- +UNREACH\S*…\r\n`)
	cancel()
	readUntil(t, master, &shown, regexp.QuoteMeta(showCursor)+`$`)
	if got := <-code; got != 0 || stderr.String() != "" {
		t.Errorf("exit code %d, stderr %q", got, stderr.String())
	}
}

// openTerminal returns the two ends of a pseudo-terminal.
func openTerminal(t *testing.T, size unix.Winsize) (master, terminal *os.File) {
	t.Helper()
	master, err := os.OpenFile("/dev/ptmx", os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Skip(err)
	}
	t.Cleanup(func() { master.Close() })
	raw, err := master.SyscallConn() // Fd would take away the deadlines
	if err != nil {
		t.Fatal(err)
	}
	var number int
	err = raw.Control(func(fd uintptr) {
		if err := unix.IoctlSetPointerInt(int(fd), unix.TIOCSPTLCK, 0); err != nil {
			t.Error(err)
		}
		if err := unix.IoctlSetWinsize(int(fd), unix.TIOCSWINSZ, &size); err != nil {
			t.Error(err)
		}
		if number, err = unix.IoctlGetInt(int(fd), unix.TIOCGPTN); err != nil {
			t.Error(err)
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	terminal, err = os.OpenFile(fmt.Sprintf("/dev/pts/%d", number), os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	return master, terminal
}

// readUntil reads from r into shown until that matches pattern.
func readUntil(t *testing.T, r *os.File, shown *bytes.Buffer, pattern string) {
	t.Helper()
	r.SetReadDeadline(time.Now().Add(10 * time.Second))
	want := regexp.MustCompile(pattern)
	for buf := make([]byte, 4096); !want.Match(shown.Bytes()); {
		n, err := r.Read(buf)
		shown.Write(buf[:n])
		if err != nil && err != io.EOF {
			end := shown.Bytes()[max(0, shown.Len()-500):]
			t.Fatalf("%v; want %s after\n...%s", err, pattern, end)
		}
	}
}
