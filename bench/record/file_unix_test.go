//go:build linux || darwin

package record_test

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"clock/bench/record"
)

// A limit on the size of a file does what a full disk does: the kernel takes
// the part of a line that there is room for, and refuses the rest.
func TestAFullDiskKeepsTheRunsBefore(t *testing.T) {
	path := filepath.Join(t.TempDir(), "results.jsonl")
	f := open(t, path, header())
	check(t, f.Append(measured(0, "gnet/shared")))
	before, err := os.ReadFile(path)
	check(t, err)

	lift := limitFiles(t, len(before)+50)
	err = f.Append(measured(1, "gnet/shared"))
	lift()
	wantError(t, err, path, "file too large", "runs before are kept")
	if after, err := os.ReadFile(path); err != nil || string(after) != string(before) {
		t.Errorf("the file has %d bytes, %v, want the %d of before", len(after), err, len(before))
	}

	check(t, f.Append(measured(1, "gnet/shared"))) // there is room again
	if set, err := record.ReadFile(path); err != nil || len(set.Runs) != 2 {
		t.Errorf("then the file reads as %v, %v, want 2 runs", set, err)
	}
}

func TestAFileHasOneWriter(t *testing.T) {
	path := filepath.Join(t.TempDir(), "results.jsonl")
	first := open(t, path, header())
	check(t, first.Append(measured(0, "gnet/shared")))
	_, err := record.Open(path, header())
	wantError(t, err, path, "another clockbench compare adds to this file", "choose another -o")
	if _, err := record.ReadFile(path); err != nil {
		t.Errorf("nobody else can read it: %v", err)
	}
	check(t, first.Close())
	second := open(t, path, header())
	check(t, second.Append(measured(1, "gnet/shared")))
	if set, err := record.ReadFile(path); err != nil || len(set.Runs) != 2 {
		t.Errorf("the file reads as %v, %v, want 2 runs", set, err)
	}
}

// limitFiles keeps files from growing over a size until lift is called.
func limitFiles(t *testing.T, size int) (lift func()) {
	t.Helper()
	var old syscall.Rlimit
	check(t, syscall.Getrlimit(syscall.RLIMIT_FSIZE, &old))
	limit := old
	limit.Cur = uint64(size)
	check(t, syscall.Setrlimit(syscall.RLIMIT_FSIZE, &limit))
	return func() { check(t, syscall.Setrlimit(syscall.RLIMIT_FSIZE, &old)) }
}
