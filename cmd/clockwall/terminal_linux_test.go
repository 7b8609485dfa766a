package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// On a terminal the whole command draws a table of the terminal's width, again
// when that changes, and leaves the terminal as it was.
func TestTerminal(t *testing.T) {
	t.Setenv("TERM", "xterm")
	address := testClock(t)
	master, terminal := openTerminal(t, unix.Winsize{Row: 10, Col: 50})
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	code := make(chan int, 1)
	var stderr strings.Builder
	go func() {
		code <- run(ctx, []string{"A=" + address, "B=127.0.0.1:0"}, terminal, &stderr)
		terminal.Close()
	}()

	var shown bytes.Buffer
	readUntil(t, master, &shown, `A +127\.0\.0\.1:\d+ +\d\d:\d\d:\d\d +[+-]\S+s +running\r\n`)
	readUntil(t, master, &shown, `B +127\.0\.0\.1:0 +- +- +UNREACH\S*…\r\n`)
	resize(t, master, unix.Winsize{Row: 10, Col: 90})
	readUntil(t, master, &shown, regexp.QuoteMeta(cursorHome)+`\S*NAME[^H]*B +127\.0\.0\.1:0 +- +- +UNREACHABLE: [a-z' ]+\r\n`)
	cancel()
	readUntil(t, master, &shown, regexp.QuoteMeta(showCursor+"\r"+clearLine)+`$`)
	if got := <-code; got != 0 || stderr.String() != "" {
		t.Errorf("exit code %d, stderr %q", got, stderr.String())
	}
}

// A terminal that obeys no control sequences gets the lines of a log.
func TestDumbTerminal(t *testing.T) {
	for _, name := range []string{"dumb", ""} {
		t.Setenv("TERM", name)
		address := testClock(t)
		master, terminal := openTerminal(t, unix.Winsize{Row: 10, Col: 50})
		ctx, cancel := context.WithCancel(t.Context())
		code := make(chan int, 1)
		go func() { code <- run(ctx, []string{"A=" + address}, terminal, io.Discard) }()
		var shown bytes.Buffer
		readUntil(t, master, &shown, `(A \d\d:\d\d:\d\d \S+s\r\n){2}`)
		cancel()
		<-code
		terminal.Close()
		if strings.Contains(shown.String(), "\x1b") {
			t.Errorf("TERM=%s: shown is %q", name, &shown)
		}
	}
}

// Ctrl-Z gives the terminal to the shell as it was, the table does not touch it
// in the background, and fg draws it anew below what the shell has written.
func TestSuspend(t *testing.T) {
	address := testClock(t)
	master, terminal := openTerminal(t, unix.Winsize{Row: 24, Col: 80})
	dir := t.TempDir()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	// By this name the test is the command: see TestMain.
	if err := os.Symlink(self, dir+"/clockwall"); err != nil {
		t.Fatal(err)
	}
	// It is stopped for longer than a moment, and then in the background for four
	// frames.
	const script = `set -m; "$0/clockwall" A=$1; echo "<stopped>"; sleep 0.3; fg; echo "<again>";
		bg; sleep 0.2; read line; echo "<read $line>"; fg; echo "<ended $?>"`
	shell := exec.CommandContext(t.Context(), "sh", "-c", script, dir, address)
	shell.Env = append(os.Environ(), "TERM=xterm", "GORACE=atexit_sleep_ms=0")
	shell.Stdin, shell.Stdout, shell.Stderr = terminal, terminal, terminal
	shell.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
	if err := shell.Start(); err != nil {
		t.Fatal(err)
	}
	terminal.Close()

	var shown bytes.Buffer
	readUntil(t, master, &shown, `running\r\n`)
	io.WriteString(master, ctrlZ)
	readUntil(t, master, &shown, `(?s)<stopped>.*running\r\n`)
	io.WriteString(master, ctrlZ)
	readUntil(t, master, &shown, `<again>\r\n`)
	io.WriteString(master, "abc\n")
	readUntil(t, master, &shown, `(?s)<read abc>.*running\r\n`)
	io.WriteString(master, ctrlC)
	readUntil(t, master, &shown, `<ended 0>\r\n`)
	if err := shell.Wait(); err != nil {
		t.Error(err)
	}

	first, rest, _ := strings.Cut(shown.String(), "<stopped>")
	resumed, rest, _ := strings.Cut(rest, "<again>")
	background, last, _ := strings.Cut(rest, "<read abc>")
	if strings.LastIndex(first, showCursor) < strings.LastIndex(first, hideCursor) {
		t.Errorf("suspended without a cursor: %q", first)
	}
	if strings.Contains(background, "\x1b") {
		t.Errorf("drawn in the background: %q", background)
	}
	for _, shown := range []string{resumed, last} {
		up, header := strings.Index(shown, "\x1b[2A"), strings.Index(shown, header[0])
		if up >= 0 && up < header {
			t.Errorf("drawn over what the shell has written: %q", shown)
		}
	}
}

// What a terminal makes signals of.
const ctrlC, ctrlZ = "\x03", "\x1a"

// testClock returns the address of a clock that runs until the end of the test.
func testClock(t *testing.T) string {
	t.Helper()
	clock, err := serveTime("tcp", "127.0.0.1:0", make(chan struct{}, 100))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { clock.Close() })
	return clock.Addr().String()
}

func resize(t *testing.T, master *os.File, size unix.Winsize) {
	t.Helper()
	raw, err := master.SyscallConn() // Fd would take away the deadlines
	if err != nil {
		t.Fatal(err)
	}
	err = raw.Control(func(fd uintptr) {
		if err := unix.IoctlSetWinsize(int(fd), unix.TIOCSWINSZ, &size); err != nil {
			t.Error(err)
		}
	})
	if err != nil {
		t.Fatal(err)
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
	resize(t, master, size)
	raw, err := master.SyscallConn()
	if err != nil {
		t.Fatal(err)
	}
	var number int
	err = raw.Control(func(fd uintptr) {
		if err := unix.IoctlSetPointerInt(int(fd), unix.TIOCSPTLCK, 0); err != nil {
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
