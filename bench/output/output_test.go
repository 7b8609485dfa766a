package output_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"clock/bench/output"
)

func TestAFileStaysUntilItIsReplaced(t *testing.T) {
	tests := []struct {
		name    string
		prepare func(t *testing.T, path string)
		before  string // "" for no file
	}{
		{"none", func(*testing.T, string) {}, ""},
		{"a file", func(t *testing.T, path string) { write(t, path, "old") }, "old"},
		{"a link", func(t *testing.T, path string) {
			write(t, path+".target", "old")
			check(t, os.Symlink(filepath.Base(path)+".target", path))
		}, "old"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "a file")
			tt.prepare(t, path)
			link, _ := os.Readlink(path)

			f := open(t, path)
			wantFile(t, path, tt.before)
			f.Discard()
			wantFile(t, path, tt.before)

			f = open(t, path)
			check(t, f.Write([]byte("new")))
			f.Discard()
			wantFile(t, path, "new")
			if after, _ := os.Readlink(path); after != link {
				t.Errorf("the link to %q is one to %q", link, after)
			}
			if list, _ := filepath.Glob(filepath.Join(filepath.Dir(path), ".*")); len(list) > 0 {
				t.Errorf("left behind: %v", list)
			}
		})
	}
}

func TestAFileKeepsItsMode(t *testing.T) {
	path := filepath.Join(t.TempDir(), "file")
	write(t, path, "old")
	check(t, os.Chmod(path, 0o640))
	check(t, open(t, path).Write([]byte("new")))
	if info, err := os.Stat(path); err != nil || info.Mode() != 0o640 && filepath.Separator == '/' {
		t.Errorf("%v, %v, want mode 0640", info.Mode(), err)
	}
}

func TestWhatCannotBeWrittenIsKnownAtOnce(t *testing.T) {
	dir := t.TempDir()
	check(t, os.Symlink("nothing", filepath.Join(dir, "link")))
	for _, tt := range []struct{ path, want string }{
		{dir, "it is a directory"},
		{filepath.Join(dir, "no", "file"), "no such file or directory"},
		{filepath.Join(dir, "link"), "it is a link to nothing"},
	} {
		f, err := output.Open(t.Context(), tt.path)
		if err == nil || err.Error() != "cannot write "+tt.path+": "+tt.want {
			t.Errorf("Open = %v, %v, want an error with the path and %q", f, err, tt.want)
		}
	}
	if list, _ := os.ReadDir(dir); len(list) != 1 {
		t.Errorf("left behind: %v", list)
	}
}

func TestWhatCannotBePutInItsPlaceIsKept(t *testing.T) {
	path := filepath.Join(t.TempDir(), "file")
	f := open(t, path)
	check(t, os.Mkdir(path, 0o700)) // meanwhile
	err := f.Write([]byte("new"))
	if err == nil {
		t.Fatal("a directory was replaced")
	}
	f.Discard()
	says, kept, _ := strings.Cut(err.Error(), ": what it was to have is in ")
	if !strings.HasPrefix(says, "cannot write "+path+": ") {
		t.Errorf("the error is %q", err)
	}
	wantFile(t, kept, "new")
}

func TestSame(t *testing.T) {
	dir := t.TempDir()
	t.Chdir(dir)
	write(t, "a", "")
	write(t, "b", "")
	check(t, os.Symlink("a", "soft"))
	check(t, os.Link("a", "hard"))
	check(t, os.Mkdir("real", 0o700))
	check(t, os.Symlink("real", "dir"))
	for _, tt := range []struct {
		a, b string
		want bool
	}{
		{"a", "a", true},
		{"a", "./a", true},
		{"a", filepath.Join(dir, "a"), true},
		{"a", "soft", true},
		{"hard", "soft", true},
		{"a", "b", false},
		{"a", "none", false},
		{"none", "./none", true},
		{"none", "other", false},
		{"real/none", "dir/none", true},
		{"real/none", filepath.Join(dir, "dir", "none"), true},
		{"nowhere/none", "nowhere/../nowhere/none", true},
	} {
		if got := output.Same(tt.a, tt.b); got != tt.want || output.Same(tt.b, tt.a) != tt.want {
			t.Errorf("Same(%s, %s) = %t, want %t", tt.a, tt.b, got, tt.want)
		}
	}
}

func open(t *testing.T, path string) *output.File {
	t.Helper()
	f, err := output.Open(t.Context(), path)
	check(t, err)
	if f.Path() != path {
		t.Errorf("Path is %s, want %s", f.Path(), path)
	}
	return f
}

func write(t *testing.T, path, text string) {
	t.Helper()
	check(t, os.WriteFile(path, []byte(text), 0o600))
}

// wantFile demands that a file has the text, or is not there.
func wantFile(t *testing.T, path, text string) {
	t.Helper()
	data, err := os.ReadFile(path)
	if missing := text == "" && errors.Is(err, fs.ErrNotExist); !missing && (err != nil || string(data) != text) {
		t.Errorf("%s has %q, %v, want %q", path, data, err, text)
	}
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
