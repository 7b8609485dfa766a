package main

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"syscall"

	"clock"
	"clock/bench/load"
)

// outputs are where a result goes. They are opened before the run, so that a
// wrong path does not cost one.
type outputs struct {
	stdout    io.Writer
	json, hdr *os.File // nil if not asked for, or for standard output
}

func openOutputs(o loadOptions, stdout io.Writer) (*outputs, error) {
	out := &outputs{stdout: stdout}
	for _, f := range []struct {
		flag, path string
		file       **os.File
	}{{"json", o.json, &out.json}, {"hdr", o.hdr, &out.hdr}} {
		if f.path == "" || f.path == "-" { // - is write's
			continue
		}
		file, err := os.Create(f.path)
		if err != nil {
			out.close()
			return nil, fmt.Errorf("-%s cannot be written: %w", f.flag, err)
		}
		*f.file = file
	}
	return out, nil
}

func (out *outputs) close() {
	_ = out.json.Close() // what counts is the error of write
	_ = out.hdr.Close()
}

// write writes the summary, or what was asked for in its place, and the files.
// It writes as much as it can.
func (out *outputs) write(o loadOptions, r *load.Result) error {
	var errs []error
	asJSON, err := json.Marshal(r)
	if err != nil {
		errs = append(errs, err)
	}
	asJSON = append(asJSON, '\n')

	onStdout := summary(o.Config, r)
	if o.json == "-" {
		onStdout = asJSON
	}
	if _, err := out.stdout.Write(onStdout); err != nil && !errors.Is(err, syscall.EPIPE) {
		errs = append(errs, fmt.Errorf("cannot write to standard output: %s", clock.Cause(err)))
	}
	return errors.Join(append(errs, save(out.json, asJSON), save(out.hdr, r.Judged().Text()))...)
}

// save writes and closes a file, if there is one.
func save(f *os.File, data []byte) error {
	if f == nil {
		return nil
	}
	_, err := f.Write(data)
	if err := cmp.Or(err, f.Close()); err != nil {
		return fmt.Errorf("cannot write %s: %s", f.Name(), clock.Cause(err))
	}
	return nil
}
