package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
	"go.uber.org/goleak"

	"clock/cmd/internal/cmdtest"
)

func TestMain(m *testing.M) {
	// The scripts wait for lines most of the time: more of them run at once than
	// there are processors.
	flag.Set("test.parallel", "8")
	// Importing gnet starts its worker pool's two goroutines, which never end.
	cmdtest.Main(m, "clock", func() { crashWhenTold(); main() }, goleak.IgnoreCurrent())
}

// patience is how long a test waits for what must happen.
const patience = 30 * time.Second

// TestScripts tells the behaviour of the command as a user sees it.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir: "testdata",
		Setup: func(env *testscript.Env) error {
			port, err := freePort()
			env.Setenv("PORT", port)
			env.Setenv("ABSTRACT", "@clock"+port)
			env.Setenv("LONG", strings.Repeat("x", 108))
			// A zone of tzfile(5), five hours and three quarters ahead of UTC.
			zone := "TZif" + strings.Repeat("\x00", 16+4*4) + "\x00\x00\x00\x01\x00\x00\x00\x05\x00\x00\x50\xdc\x00\x00MINE\x00"
			if err := os.MkdirAll(filepath.Join(env.WorkDir, "zones", "My"), 0o700); err != nil {
				return err
			}
			if err := os.WriteFile(filepath.Join(env.WorkDir, "zones", "My", "Zone"), []byte(zone), 0o600); err != nil {
				return err
			}
			mine := []byte("a file of the user's")
			return errors.Join(err,
				os.WriteFile(filepath.Join(env.WorkDir, "@clock"+port), mine, 0o600),
				os.WriteFile(filepath.Join(env.WorkDir, "mine"), mine, 0o600))
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){"lines": lines, "term": term, "insist": insist},
	})
}

// lines is the client of the scripts: "lines N NETWORK ADDRESS" connects, once
// there is a server, and prints the first N lines; with N "all", it reads until
// the connection ends.
func lines(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 3 {
		ts.Fatalf("usage: lines N NETWORK ADDRESS")
	}
	n, err := strconv.Atoi(args[0])
	if args[0] == "all" {
		n = 1 << 30
	} else {
		ts.Check(err)
	}
	var conn net.Conn
	for deadline := time.Now().Add(patience); ; time.Sleep(time.Millisecond) {
		if conn, err = net.Dial(args[1], args[2]); err == nil {
			break
		}
		if time.Now().After(deadline) {
			ts.Fatalf("no server: %v", err)
		}
	}
	defer conn.Close()
	ts.Check(conn.SetReadDeadline(time.Now().Add(patience)))
	r := bufio.NewReader(conn)
	for range n {
		line, err := r.ReadString('\n')
		if err == io.EOF && line == "" && args[0] == "all" {
			return
		}
		ts.Check(err)
		fmt.Fprint(ts.Stdout(), line)
	}
}

// term sends SIGTERM to the server in the background: "term". The kill of
// testscript knows only INT and KILL.
func term(ts *testscript.TestScript, _ bool, _ []string) {
	for _, cmd := range ts.BackgroundCmds() {
		ts.Check(cmd.Process.Signal(syscall.SIGTERM))
	}
}

// insist interrupts the servers in the background until they have ended:
// "insist".
func insist(ts *testscript.TestScript, _ bool, _ []string) {
	for _, cmd := range ts.BackgroundCmds() {
		for deadline := time.Now().Add(patience); cmd.Process.Signal(os.Interrupt) == nil; time.Sleep(time.Millisecond) {
			if time.Now().After(deadline) {
				ts.Fatalf("the server does not end")
			}
		}
	}
}

// freePort returns a free port that no other script is given, and no outgoing
// connection: it is below those that systems hand out.
func freePort() (string, error) {
	for range 100 {
		port := strconv.Itoa(10000 + rand.IntN(20000))
		if ln, err := net.Listen("tcp", "localhost:"+port); err == nil {
			return port, ln.Close()
		}
	}
	return "", errors.New("no free port in a hundred")
}

func TestBadInputIsOneLine(t *testing.T) {
	busy, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer busy.Close()
	dir := t.TempDir()
	file := filepath.Join(dir, "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		args string
		code int
		want []string // what the line says
	}{
		{"-engine=cuckoo", 2, []string{`"cuckoo"`, "gnet, goroutine, sequential"}},
		{"-ticker=cuckoo", 2, []string{`"cuckoo"`, "per-conn or shared"}},
		{"-engine=sequential -ticker=shared", 2, []string{"nobody to share", "-ticker=per-conn"}},
		{"-network=udp", 2, []string{`"udp"`, "tcp, tcp4, tcp6, unix"}},
		{"-addr=localhost", 2, []string{`"localhost"`, "localhost:8000"}},
		{"-addr=localhost:clock", 2, []string{`"clock"`, "0 to 65535"}},
		{"-port=65536", 2, []string{`"65536"`, "0 to 65535"}},
		{"-network=unix", 2, []string{"path", "-addr="}},
		{"-network=unix -addr=/tmp/x -port=1", 2, []string{"no -port"}},
		{"-network=unix -addr=/tmp/x -reuseport", 2, []string{"no port to share", "-reuseport needs tcp"}},
		{"-layout=RFC1124", 2, []string{`"RFC1124"`, "RFC1123", "15:04:05"}},
		{"-layout=", 2, []string{"shows no time"}},
		{"-tz=Europe/Atlantis", 2, []string{`"Europe/Atlantis"`, "Europe/Berlin"}},
		{"-interval=0", 2, []string{"interval 0s", "greater than 0"}},
		{"-interval=-1s", 2, []string{"interval -1s", "greater than 0"}},
		{"-interval=1us", 2, []string{"interval 1µs", "at least 1ms"}},
		{"-interval=1", 2, []string{"-interval", "parse error"}},
		{"-max-conns=-1", 2, []string{"-1 connections"}},
		{"-max-conns-per-ip=-1", 2, []string{"-1 connections", "0 for none"}},
		{"-write-timeout=0", 2, []string{"write timeout 0s", "greater than 0"}},
		{"-write-timeout=1ns", 2, []string{"write timeout 1ns", "at least 1ms"}},
		{"-drain=-1s", 2, []string{"drain time -1s", "greater than 0"}},
		{"-send-buffer=0", 2, []string{"0 bytes", "at least 2304"}},
		{"-send-buffer=100", 2, []string{"100 bytes", "at least 2304"}},
		{"-admin=9090", 2, []string{`admin address "9090"`, "localhost:9090"}},
		{"-admin=localhost:clock", 2, []string{"admin address", `"clock"`, "0 to 65535"}},
		{"-admin=:65536", 2, []string{"admin address", `"65536"`, "0 to 65535"}},
		{"-log-format=xml", 2, []string{`"xml"`, "text or json"}},
		{"now", 2, []string{`"now"`, "flags only"}},
		{"-colour=red", 2, []string{"-colour", "clock -help"}},
		{"-addr=" + busy.Addr().String(), 1, []string{busy.Addr().String(), "address already in use", "-port", "-reuseport"}},
		{"-addr=192.0.2.1:8000", 1, []string{"192.0.2.1:8000", "of this machine"}},
		{"-admin=" + busy.Addr().String(), 1, []string{busy.Addr().String(), "address already in use", "-admin"}},
		{"-admin=192.0.2.1:9090", 1, []string{"192.0.2.1:9090", "-admin"}},
		{"-network=tcp4 -addr=[::1]:0", 1, []string{"tcp4", "::1", "-network"}},
		{"-network=tcp6 -addr=127.0.0.1:0", 1, []string{"tcp6", "127.0.0.1", "-network"}},
		{"-network=unix -addr=" + dir, 1, []string{dir, "is no socket"}},
		{"-network=unix -addr=" + file, 1, []string{file, "is no socket"}},
	}
	for _, tt := range tests {
		t.Run(tt.args, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(t.Context(), patience)
			defer cancel()
			var stdout, stderr bytes.Buffer
			code := run(ctx, strings.Fields(tt.args), &stdout, &stderr)
			line := stderr.String()
			if code != tt.code || stdout.Len() > 0 || !strings.HasPrefix(line, "clock: ") || strings.Count(line, "\n") != 1 {
				t.Errorf("exit code %d, stdout %q, stderr %q; want %d and one line", code, &stdout, line, tt.code)
			}
			for _, want := range tt.want {
				if !strings.Contains(line, want) {
					t.Errorf("stderr %q does not say %q", line, want)
				}
			}
		})
	}
}

func TestBogusTZIsRefused(t *testing.T) {
	t.Setenv("TZ", "Bogus/Zone")
	var stderr bytes.Buffer
	if code := run(t.Context(), nil, io.Discard, &stderr); code != 2 || !strings.Contains(stderr.String(), "Bogus/Zone") {
		t.Errorf("exit code %d, stderr %q, want 2 and the zone", code, &stderr)
	}
}

func TestTooFewFilesAreALine(t *testing.T) {
	cmdtest.TooFewFiles(t, "clock", "-engine=gnet", "-addr=127.0.0.1:0", "-admin=127.0.0.1:0")
}

// What a terminal would obey is quoted, wherever in an error it comes from.
func TestErrorsHaveNoControlSequences(t *testing.T) {
	var stderr strings.Builder
	code := run(t.Context(), []string{"-network=unix", "-addr=/nowhere/\x1b[2J"}, io.Discard, &stderr)
	if code != exitFailed || strings.Contains(stderr.String(), "\x1b") || !strings.Contains(stderr.String(), `/nowhere/\x1b[2J`) {
		t.Errorf("exit code %d, %q; want %d and the path quoted", code, &stderr, exitFailed)
	}
}
