// Package output writes the files that a command is asked for, and harms none
// that are there: what a file had stays until there is all of what replaces it,
// and a file that is read is not written to.
package output

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
)

// A File is a file to be written.
type File struct {
	path string // as the user gave it
	file *os.File
	// target is what the file takes the place of when it is written: path, its
	// links followed. It is "" for what cannot be replaced, such as a device.
	target string
}

// Open makes ready to write to path, so that a wrong path is known before there
// is anything to write. Until then a regular file that is there stays as it is.
// Anything else, such as a device or a named pipe, and the regular file that is
// standard output, is opened to be written to; for the reader of a pipe Open
// waits until ctx is done.
func Open(ctx context.Context, path string) (*File, error) {
	f := &File{path: path}
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		err = f.create(nil)
	case err == nil && info.IsDir():
		err = errors.New("it is a directory")
	case err == nil && (!info.Mode().IsRegular() || isStdout(info)):
		f.file, err = openNow(ctx, path)
	case err == nil:
		err = f.create(info)
	}
	if err != nil {
		return nil, cannotWrite(path, err)
	}
	return f, nil
}

// create makes the file that takes the place of old, which may be none.
func (f *File) create(old fs.FileInfo) (err error) {
	mode := fs.FileMode(0o666) // less what the umask takes
	if old == nil {
		if _, err := os.Lstat(f.path); err == nil {
			return errors.New("it is a link to nothing")
		}
		f.target = f.path
	} else {
		// To take the place of a file is to be allowed to write to it.
		writable, err := os.OpenFile(f.path, os.O_WRONLY, 0)
		if err != nil {
			return err
		}
		_ = writable.Close()
		if f.target, err = filepath.EvalSymlinks(f.path); err != nil {
			return err
		}
		mode = old.Mode().Perm()
	}
	beside := filepath.Join(filepath.Dir(f.target), ".clockbench-"+strconv.FormatUint(rand.Uint64(), 36))
	if f.file, err = os.OpenFile(beside, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode); err != nil {
		return err
	}
	if old != nil {
		_ = f.file.Chmod(mode) // whatever the umask
		keepOwner(f.file, old)
	}
	return nil
}

// openNow opens what cannot be replaced.
func openNow(ctx context.Context, path string) (*os.File, error) {
	type opened struct {
		file *os.File
		err  error
	}
	done := make(chan opened, 1)
	go func() {
		file, err := os.OpenFile(path, os.O_WRONLY|os.O_APPEND, 0)
		done <- opened{file, err}
	}()
	select {
	case o := <-done:
		return o.file, o.err
	case <-ctx.Done():
		return nil, errors.New("interrupted while nobody reads it")
	}
}

func isStdout(info fs.FileInfo) bool {
	stdout, err := os.Stdout.Stat()
	return err == nil && os.SameFile(info, stdout)
}

// Path returns the path that the file was opened by.
func (f *File) Path() string { return f.path }

// Write writes all of the file and closes it. If that fails, a regular file that
// was there is as it was.
func (f *File) Write(data []byte) error {
	_, err := f.file.Write(data)
	if err == nil && f.target != "" {
		err = f.file.Sync()
	}
	if err = cmp.Or(err, f.file.Close()); err != nil {
		f.Discard()
		return cannotWrite(f.path, err)
	}
	if f.target == "" {
		return nil
	}
	target := f.target
	f.target = "" // there is nothing left to discard
	if os.Rename(f.file.Name(), target) == nil {
		return nil
	}
	// A file that is mounted, as into a container, has a place that no other
	// takes. All that it is to have is safe in the other.
	if err := os.WriteFile(target, data, 0o666); err != nil {
		return fmt.Errorf("%w: what it was to have is in %s", cannotWrite(f.path, err), f.file.Name())
	}
	return os.Remove(f.file.Name())
}

// Discard gives up a file that has not been written. It may be called after
// Write, when it does nothing.
func (f *File) Discard() {
	_ = f.file.Close()
	if f.target != "" {
		_ = os.Remove(f.file.Name())
		f.target = ""
	}
}

// cannotWrite says that path cannot be written, and why in the words of the
// system: which file stands for it meanwhile is nobody's business.
func cannotWrite(path string, err error) error {
	for cause := errors.Unwrap(err); cause != nil; cause = errors.Unwrap(err) {
		err = cause
	}
	return fmt.Errorf("cannot write %s: %w", path, err)
}
