package record

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"
)

// A File is a comparison under way. Each run is on the disk when Append
// returns. While it is open no other process can open it as a File.
type File struct {
	file *os.File
	end  int64 // of the last whole line
	set  *Set
}

// Open begins a comparison in a new file at path, or goes on with the one that
// is there. That must have been begun with the same plan, in the same
// environment; it keeps its own seed, and loses a last line that was cut off.
func Open(path string, h Header) (*File, error) {
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o644)
	if err != nil {
		return nil, err
	}
	f := &File{file: file}
	if err := f.begin(h); err != nil {
		_ = file.Close()
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return f, nil
}

// errLocked says that another process has the file open as a File.
var errLocked = errors.New("another clockbench compare adds to this file: let it end, or choose another -o")

func (f *File) begin(h Header) error {
	info, err := f.file.Stat()
	switch {
	case err != nil:
		return err
	case !info.Mode().IsRegular():
		return errors.New("this is no regular file: choose another -o")
	}
	if err := lock(f.file); err != nil {
		return err
	}
	if info, err = f.file.Stat(); err != nil { // the one who had it may have added to it
		return err
	}
	if info.Size() > 0 {
		return f.resume(h)
	}
	h.Version = Version
	f.set = &Set{Header: h}
	return f.write(h)
}

// resume reads what is there, and sets the end after it.
func (f *File) resume(h Header) error {
	set, end, err := read(f.file)
	if err != nil {
		return fmt.Errorf("%w; or choose another -o", err)
	}
	h.Plan.Seed = set.Plan.Seed
	differ := append(differences(set.Plan, h.Plan), differences(set.Env, h.Env)...)
	if len(differ) > 0 {
		return fmt.Errorf("the comparison in this file is another one (%s): choose another -o", strings.Join(differ, ", "))
	}
	f.set, f.end = set, end
	if set.Truncated {
		set.Truncated = false
		return f.file.Truncate(end)
	}
	return nil
}

// Set returns what the file holds. It grows with Append.
func (f *File) Set() *Set { return f.set }

// Append adds a run. On an error, such as a full disk, the file keeps all the
// runs before, and none of this one.
func (f *File) Append(r Run) error {
	if err := f.set.check(r); err != nil {
		return err
	}
	if err := f.write(r); err != nil {
		return fmt.Errorf("%w: the runs before are kept; make room and start again with the same -o", err)
	}
	f.set.Runs = append(f.set.Runs, r)
	return nil
}

// write adds a line and waits until it is on the disk. If it fails, it takes
// back what it has written.
func (f *File) write(v any) error {
	line, err := json.Marshal(v)
	if err != nil {
		return err
	}
	line = append(line, '\n')
	if _, err = f.file.WriteAt(line, f.end); err == nil {
		err = f.file.Sync()
	}
	if err != nil {
		if undo := f.file.Truncate(f.end); undo != nil {
			err = fmt.Errorf("%w, and then %w", err, undo)
		}
		return err
	}
	f.end += int64(len(line))
	return nil
}

// Close closes the file.
func (f *File) Close() error { return f.file.Close() }
