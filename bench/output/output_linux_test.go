package output_test

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

// A file of its own mount, as containers are given, is written to in its place.
func TestAMountedFileIsWritten(t *testing.T) {
	path := filepath.Join(t.TempDir(), "file")
	write(t, path, "old and longer")
	if err := syscall.Mount(path, path, "", syscall.MS_BIND, ""); err != nil {
		t.Skipf("needs root: %v", err)
	}
	defer func() { check(t, syscall.Unmount(path, 0)) }()
	check(t, open(t, path).Write([]byte("new")))
	wantFile(t, path, "new")
	if list, _ := os.ReadDir(filepath.Dir(path)); len(list) != 1 {
		t.Errorf("left behind: %v", list)
	}
}
