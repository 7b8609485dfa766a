//go:build linux || darwin

package output_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"clock/bench/output"
)

// A limit on the size of a file does what a full disk does.
func TestAFullDiskKeepsTheFileBefore(t *testing.T) {
	path := filepath.Join(t.TempDir(), "results.json")
	write(t, path, "old")
	f := open(t, path)
	var limit syscall.Rlimit
	check(t, syscall.Getrlimit(syscall.RLIMIT_FSIZE, &limit))
	low := limit
	low.Cur = 4
	check(t, syscall.Setrlimit(syscall.RLIMIT_FSIZE, &low))
	err := f.Write([]byte("new and longer"))
	check(t, syscall.Setrlimit(syscall.RLIMIT_FSIZE, &limit))
	if want := "cannot write " + path + ": file too large"; err == nil || err.Error() != want {
		t.Errorf("Write = %v, want %q", err, want)
	}
	wantFile(t, path, "old")
	if list, _ := os.ReadDir(filepath.Dir(path)); len(list) != 1 {
		t.Errorf("left behind: %v", list)
	}
}

func TestAFileThatMayNotBeWrittenIsNotReplaced(t *testing.T) {
	if os.Geteuid() == 0 {
		t.Skip("root may write to all files")
	}
	path := filepath.Join(t.TempDir(), "file")
	write(t, path, "old")
	check(t, os.Chmod(path, 0o400))
	if _, err := output.Open(t.Context(), path); err == nil || !strings.Contains(err.Error(), "permission denied") {
		t.Errorf("Open = %v, want an error that says that it may not", err)
	}
}

func TestANamedPipeIsWrittenTo(t *testing.T) {
	path := filepath.Join(t.TempDir(), "pipe")
	check(t, syscall.Mkfifo(path, 0o600))
	read := make(chan string, 1)
	go func() {
		data, _ := os.ReadFile(path)
		read <- string(data)
	}()
	check(t, open(t, path).Write([]byte("new")))
	if got := <-read; got != "new" {
		t.Errorf("the reader of the pipe has %q", got)
	}
}

func TestAPipeThatNobodyReadsIsGivenUp(t *testing.T) {
	path := filepath.Join(t.TempDir(), "pipe")
	check(t, syscall.Mkfifo(path, 0o600))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := output.Open(ctx, path); err == nil || !strings.Contains(err.Error(), "interrupted while nobody reads it") {
		t.Errorf("Open = %v, want an error that says that it was interrupted", err)
	}
	reader, err := os.Open(path) // which lets go whoever waits
	check(t, err)
	check(t, reader.Close())
}
