package main

import (
	"context"
	"io"
	"net"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// startWatched starts clock with an admin server, and returns the URL of that.
func startWatched(t *testing.T, flags ...string) (p *process, url string) {
	t.Helper()
	p = start(t, append(flags, "-port=0", "-admin=localhost:0")...)
	m := regexp.MustCompile(`on (http://\S+)/\n`).FindStringSubmatch(p.stderr.String())
	if m == nil {
		t.Fatalf("clock does not say where its admin server is: %q", p.stderr)
	}
	return p, m[1]
}

// get returns the answer of the admin server.
func get(t *testing.T, url string) (code int, body string) {
	t.Helper()
	client := http.Client{Timeout: patience, Transport: &http.Transport{DisableKeepAlives: true}}
	resp, err := client.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, string(text)
}

// metric returns the value of a metric without labels.
func metric(t *testing.T, url, name string) float64 {
	t.Helper()
	_, body := get(t, url+"/metrics")
	for line := range strings.Lines(body) {
		if text, ok := strings.CutPrefix(line, name+" "); ok {
			value, err := strconv.ParseFloat(strings.TrimSpace(text), 64)
			if err != nil {
				t.Fatal(err)
			}
			return value
		}
	}
	t.Fatalf("no metric %s in\n%s", name, body)
	return 0
}

// dialStalled connects a client that reads nothing and has little room.
func dialStalled(t *testing.T, addr string) net.Conn {
	t.Helper()
	dialer := net.Dialer{Timeout: patience, Control: func(_, _ string, conn syscall.RawConn) error {
		var err error
		if e := conn.Control(func(fd uintptr) {
			err = unix.SetsockoptInt(int(fd), unix.SOL_SOCKET, unix.SO_RCVBUF, 2304)
		}); e != nil {
			return e
		}
		return err
	}}
	conn, err := dialer.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	return conn
}

// TestAdminServerSeesTheClockStop has clients that stall in the middle of a
// line, so that a clock that is told to stop waits for them: it is alive then,
// but not ready, and can be looked at until they are gone.
func TestAdminServerSeesTheClockStop(t *testing.T) {
	for _, engine := range []string{"goroutine", "gnet"} {
		t.Run(engine, func(t *testing.T) {
			p, url := startWatched(t, "-engine="+engine, "-ticker=per-conn", "-interval=5ms",
				"-layout=15:04:05 "+strings.Repeat("_", 200), "-send-buffer=2304", "-write-timeout=1h", "-drain=1h")
			var clients []net.Conn
			for range 10 { // one or another ends up in the middle of a line
				clients = append(clients, dialStalled(t, p.addr))
			}
			sent, since := 0.0, time.Now()
			for deadline := time.Now().Add(patience); time.Since(since) < 500*time.Millisecond; time.Sleep(10 * time.Millisecond) {
				if now := metric(t, url, "clock_lines_sent_total"); now != sent {
					sent, since = now, time.Now()
				}
				if time.Now().After(deadline) {
					t.Fatal("the clients do not stall")
				}
			}
			for _, path := range []string{"/healthz", "/readyz"} {
				if code, body := get(t, url+path); code != 200 {
					t.Errorf("%s of a server that serves: %d %s", path, code, body)
				}
			}

			if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
				t.Fatal(err)
			}
			for deadline := time.Now().Add(patience); ; time.Sleep(time.Millisecond) {
				if code, body := get(t, url+"/readyz"); code == 503 && body == "stopping\n" {
					break
				}
				if time.Now().After(deadline) {
					t.Fatal("a server that stops is ready")
				}
			}
			if code, body := get(t, url+"/healthz"); code != 200 {
				t.Errorf("/healthz of a server that stops: %d %s", code, body)
			}
			if n := metric(t, url, "clock_connections"); n == 0 {
				t.Error("the server waits for nobody")
			}
			if _, err := net.Dial("tcp", p.addr); err == nil {
				t.Error("a server that stops takes clients")
			}

			for _, conn := range clients {
				_ = conn.Close()
			}
			select {
			case err := <-p.ended:
				if err != nil {
					t.Errorf("clock ends with %v, stderr %q", err, p.stderr)
				}
			case <-time.After(patience):
				t.Fatalf("clock does not end: stderr %q", p.stderr)
			}
			if log := p.stderr.String(); !strings.Contains(log, "\nclock: stopped after ") || strings.Contains(log, "level=") {
				t.Errorf("clock logs %q", log)
			}
		})
	}
}

// TestAdminServerEndsWithTheClock runs clock in this process, in which no
// goroutine may be left.
func TestAdminServerEndsWithTheClock(t *testing.T) {
	busy, err := net.Listen("tcp", "localhost:0")
	if err != nil {
		t.Fatal(err)
	}
	defer busy.Close()
	for addr, want := range map[string]int{"localhost:0": 0, busy.Addr().String(): exitFailed} {
		ctx, stop := context.WithCancel(t.Context())
		stderr := new(output)
		code := make(chan int, 1)
		go func() { code <- run(ctx, []string{"-admin=localhost:0", "-addr=" + addr}, io.Discard, stderr) }()
		for deadline := time.Now().Add(patience); strings.Count(stderr.String(), "\n") < 2; time.Sleep(time.Millisecond) {
			if time.Now().After(deadline) {
				t.Fatalf("clock neither serves nor fails: stderr %q", stderr)
			}
		}
		stop()
		select {
		case got := <-code:
			if got != want {
				t.Errorf("-addr=%s: exit code %d, want %d, stderr %q", addr, got, want, stderr)
			}
		case <-time.After(patience):
			t.Fatalf("-addr=%s: clock does not end: stderr %q", addr, stderr)
		}
	}
}
