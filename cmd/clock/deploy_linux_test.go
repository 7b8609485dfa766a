package main

import (
	"bytes"
	"debug/elf"
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/coreos/go-systemd/v22/unit"

	"clock/internal/slowtest"
)

// The files that clock is deployed with.
const (
	root          = "../.."
	units         = root + "/deploy/systemd"
	containerfile = root + "/deploy/Containerfile"
)

// option returns the value of an option of clock.service that is there once.
func option(t *testing.T, name string) string {
	t.Helper()
	file, err := os.Open(units + "/clock.service")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	options, err := unit.DeserializeOptions(file)
	if err != nil {
		t.Fatal(err)
	}
	var values []string
	for _, o := range options {
		if o.Section == "Service" && o.Name == name {
			values = append(values, o.Value)
		}
	}
	if len(values) != 1 {
		t.Fatalf("clock.service has %s=%q, want it once", name, values)
	}
	return values[0]
}

func TestUnitStartsClockAsClockWants(t *testing.T) {
	cfg, err := parse(strings.Fields(option(t, "ExecStart"))[1:], io.Discard)
	if err != nil {
		t.Fatalf("clock does not understand the flags of ExecStart=: %v", err)
	}
	if len(cfg.where) > 0 {
		t.Errorf("ExecStart= has %q, which the socket unit says", cfg.where)
	}
	timeout, err := time.ParseDuration(option(t, "TimeoutStopSec"))
	if err != nil || timeout <= cfg.Drain {
		t.Errorf("TimeoutStopSec=%v, %v: lines in flight may take %v", timeout, err, cfg.Drain)
	}
}

// TestUnitsSatisfySystemd has systemd's own tool judge the units.
func TestUnitsSatisfySystemd(t *testing.T) {
	help, err := exec.Command("systemd-analyze", "--help").Output()
	if err != nil || !bytes.Contains(help, []byte("--offline")) {
		t.Skipf("needs systemd-analyze of systemd 250 or later: %v", err)
	}
	// A copy whose command is there: verify looks.
	clock, err := exec.LookPath("clock")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for _, name := range []string{"clock.service", "clock.socket"} {
		text, err := os.ReadFile(filepath.Join(units, name))
		if err != nil {
			t.Fatal(err)
		}
		text = bytes.Replace(text, []byte("ExecStart=/usr/local/bin/clock"), []byte("ExecStart="+clock), 1)
		if err := os.WriteFile(filepath.Join(dir, name), text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	service, socket := filepath.Join(dir, "clock.service"), filepath.Join(dir, "clock.socket")
	// It complains about unknown options and yet exits with 0.
	if out, err := exec.Command("systemd-analyze", "verify", service, socket).CombinedOutput(); err != nil || len(out) > 0 {
		t.Errorf("systemd-analyze verify: %v\n%s", err, out)
	}
	// 2.0 of 10: what is left is what a server of TCP needs.
	if out, err := exec.Command("systemd-analyze", "security", "--no-pager", "--offline=true", "--threshold=20", service).CombinedOutput(); err != nil {
		t.Errorf("systemd-analyze security: %v\n%s", err, out)
	}
}

// directive returns what follows a word at the beginning of the only line of
// the container file that has it and matches a pattern.
func directive(t *testing.T, word, pattern string) string {
	t.Helper()
	text, err := os.ReadFile(containerfile)
	if err != nil {
		t.Fatal(err)
	}
	lines := regexp.MustCompile(`(?m)^`+word+` (.*`+pattern+`.*)$`).FindAllSubmatch(text, -1)
	if len(lines) != 1 {
		t.Fatalf("the container file has %d lines %s with %s, want 1", len(lines), word, pattern)
	}
	return string(lines[0][1])
}

// TestContainerRunsInAnEmptyRoot does what the container file says, as far as
// that goes without a container engine: it builds the file by its command, and
// runs it by its command line in a directory with nothing else, as its user.
func TestContainerRunsInAnEmptyRoot(t *testing.T) {
	slowtest.Skip(t)
	dir := t.TempDir()
	build := strings.Replace(directive(t, "RUN", "go build"), "-o /clock ", `-o "$ROOT/clock" `, 1)
	cmd := exec.Command("sh", "-c", build)
	cmd.Dir = root
	cmd.Env = append(cmd.Environ(), "ROOT="+dir)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%s: %v\n%s", build, err, out)
	}
	binary, err := elf.Open(filepath.Join(dir, "clock"))
	if err != nil {
		t.Fatal(err)
	}
	defer binary.Close()
	for _, part := range binary.Progs {
		if part.Type == elf.PT_INTERP {
			t.Error("the binary is not static: it has an interpreter")
		}
	}

	if os.Getuid() != 0 {
		t.Skip("needs root to change the root directory")
	}
	var command []string
	if err := json.Unmarshal([]byte(directive(t, "ENTRYPOINT", "")), &command); err != nil {
		t.Fatal(err)
	}
	uid, gid, _ := strings.Cut(directive(t, "USER", ""), ":")
	command = append(command, "-port=0", "-interval=20ms", "-tz=Asia/Kathmandu", "-layout=15:04 Z07:00")
	cmd = &exec.Cmd{
		Path: command[0],
		Args: command,
		Dir:  "/",
		SysProcAttr: &syscall.SysProcAttr{
			Chroot:     dir,
			Credential: &syscall.Credential{Uid: number(t, uid), Gid: number(t, gid)},
		},
	}
	p := startCommand(t, cmd)
	line, err := firstLine("tcp", p.addr)
	if err != nil || !strings.HasSuffix(line, " +05:45\n") {
		t.Errorf("a client is told %q, %v, want the time in Kathmandu", line, err)
	}
	p.stop(t)
}

// number returns the number of a user other than root.
func number(t *testing.T, id string) uint32 {
	t.Helper()
	n, err := strconv.ParseUint(id, 10, 32)
	if err != nil || n == 0 {
		t.Fatalf("USER %s: %v, want a number other than root's", id, err)
	}
	return uint32(n)
}
