package main

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"syscall"

	"clock/address"
)

// outputs are where a result goes. They are opened before the run, so that a
// wrong path does not cost one.
type outputs struct {
	stdout    io.Writer
	asJSON    bool     // standard output gets the JSON in place of the summary
	json, hdr *os.File // nil if not asked for
}

// openOutputs opens the files at the paths that are given, "" being none. The
// path of the JSON may be - for standard output.
func openOutputs(json, hdr string, stdout io.Writer) (*outputs, error) {
	out := &outputs{stdout: stdout, asJSON: json == "-"}
	for _, f := range []struct {
		flag, path string
		file       **os.File
	}{{"json", json, &out.json}, {"hdr", hdr, &out.hdr}} {
		if f.path == "" || f.path == "-" {
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

// write writes the summary, or what was asked for in its place, and the files:
// the result as JSON, and the text of a distribution. It writes as much as it
// can.
func (out *outputs) write(result any, summary, distribution []byte) error {
	var errs []error
	asJSON, err := json.Marshal(result)
	if err != nil {
		errs = append(errs, err)
	}
	asJSON = append(asJSON, '\n')

	if out.asJSON {
		summary = asJSON
	}
	return errors.Join(append(errs, show(out.stdout, summary), save(out.json, asJSON), save(out.hdr, distribution))...)
}

// show writes to standard output. That its reader has gone is no error.
func show(stdout io.Writer, text []byte) error {
	if _, err := stdout.Write(text); err != nil && !errors.Is(err, syscall.EPIPE) {
		return fmt.Errorf("cannot write to standard output: %s", address.Cause(err))
	}
	return nil
}

// save writes and closes a file, if there is one.
func save(f *os.File, data []byte) error {
	if f == nil {
		return nil
	}
	_, err := f.Write(data)
	if err := cmp.Or(err, f.Close()); err != nil {
		return fmt.Errorf("cannot write %s: %s", f.Name(), address.Cause(err))
	}
	return nil
}
