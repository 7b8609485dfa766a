package report

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"clock/bench/output"
)

// Write reads the files at paths, and writes the report to out and its charts
// into a directory beside it. It returns the paths of what it wrote. What was
// there stays until there is all of the new, and no file at paths is written to.
// An out that is no regular file, such as a device, has nothing beside it: its
// report is that of [Stdout].
func Write(ctx context.Context, out string, paths []string) (written []string, err error) {
	name := out
	if info, err := os.Stat(out); err == nil && !info.Mode().IsRegular() {
		name = Stdout
	}
	r, err := Render(name, paths)
	if err != nil {
		return nil, err
	}
	w := writer{inputs: paths}
	defer w.discard()
	if err := w.open(ctx, out, r.Markdown); err != nil {
		return nil, err
	}
	for _, c := range r.Charts {
		path := filepath.Join(filepath.Dir(out), filepath.FromSlash(c.Path))
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			return nil, err
		}
		if err := w.open(ctx, path, c.SVG); err != nil {
			return nil, err
		}
	}
	return w.write()
}

// A writer writes several files, once all of them can be.
type writer struct {
	inputs []string // paths that it must not write to
	files  []pending
}

// A pending file is open, and has yet to be written.
type pending struct {
	*output.File
	content []byte
}

func (w *writer) open(ctx context.Context, path string, content []byte) error {
	for _, in := range w.inputs {
		if output.Same(path, in) {
			return fmt.Errorf("%s would be written over %s, which is read: choose another", path, in)
		}
	}
	file, err := output.Open(ctx, path)
	if err != nil {
		return err
	}
	w.files = append(w.files, pending{file, content})
	return nil
}

// write writes the files, the first one last, when what it shows is there, and
// returns their paths.
func (w *writer) write() (written []string, err error) {
	for _, file := range slices.Concat(w.files[1:], w.files[:1]) {
		if err := file.Write(file.content); err != nil {
			return written, err
		}
		written = append(written, file.Path())
	}
	return written, nil
}

func (w *writer) discard() {
	for _, file := range w.files {
		file.Discard()
	}
}
