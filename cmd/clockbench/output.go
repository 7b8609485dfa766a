package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"syscall"

	"clock/address"
	"clock/bench/output"
)

// toStdout is the path that stands for standard output.
const toStdout = "-"

// A destination is where a flag says that an output goes.
type destination struct{ flag, path string } // path is "" for nowhere

func (d destination) isFile() bool { return d.path != "" && d.path != toStdout }

// clashes reports whether another output goes to the same place.
func (d destination) clashes(other destination) bool {
	if d.isFile() && other.isFile() {
		return output.Same(d.path, other.path)
	}
	return d.path != "" && d.path == other.path
}

// open opens the file, if the output goes to one; nil if not.
func (d destination) open(ctx context.Context) (*output.File, error) {
	if !d.isFile() {
		return nil, nil
	}
	file, err := output.Open(ctx, d.path)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", d.flag, err)
	}
	return file, nil
}

// checkOutputs returns a usage error if an output would be written over an input
// or another output, by whatever names.
func checkOutputs(stdout io.Writer, inputs []string, outputs ...destination) error {
	for i, out := range outputs {
		for _, other := range outputs[:i] {
			if out.clashes(other) {
				return usageError("%s and %s go to the same file: give each its own", other.flag, out.flag)
			}
		}
		for _, in := range inputs {
			if out.isFile() && output.Same(out.path, in) {
				return usageError("%s would be written over %s, which is read: choose another", out.flag, in)
			}
		}
	}
	for _, in := range inputs {
		if file, ok := stdout.(*os.File); ok && isOpenAs(in, file) {
			return usageError("standard output would be written into %s, which is read: choose another", in)
		}
	}
	return nil
}

// isOpenAs reports whether the file at path is a regular one that is open as file.
func isOpenAs(path string, file *os.File) bool {
	at, err := os.Stat(path)
	if err != nil || !at.Mode().IsRegular() {
		return false
	}
	info, err := file.Stat()
	return err == nil && os.SameFile(at, info)
}

// outputs are where a result goes. They are opened before the run, so that a
// wrong path does not cost one, and what they replace stays until there is a
// result.
type outputs struct {
	stdout         io.Writer
	asJSON, asText bool         // what standard output gets in place of the summary
	json, hdr      *output.File // nil if not asked for
}

// openOutputs opens the outputs at the paths that are given, "" being none and -
// standard output. A command that reads files names them, so that none of them is
// written over.
func openOutputs(ctx context.Context, stdout io.Writer, inputs []string, json, hdr string) (*outputs, error) {
	toJSON, toHDR := destination{"-json", json}, destination{"-hdr", hdr}
	if err := checkOutputs(stdout, inputs, toJSON, toHDR); err != nil {
		return nil, err
	}
	out := &outputs{stdout: stdout, asJSON: json == toStdout, asText: hdr == toStdout}
	var err error
	if out.json, err = toJSON.open(ctx); err != nil {
		return nil, err
	}
	if out.hdr, err = toHDR.open(ctx); err != nil {
		out.close()
		return nil, err
	}
	return out, nil
}

// close gives up what has not been written.
func (out *outputs) close() {
	for _, file := range []*output.File{out.json, out.hdr} {
		if file != nil {
			file.Discard()
		}
	}
}

// write writes the summary, or what was asked for in its place, and the files:
// the result as JSON, and the text of a distribution. It writes as much as it
// can.
func (out *outputs) write(result any, summary, distribution []byte) error {
	asJSON, err := json.Marshal(result)
	if err != nil {
		return errors.Join(err, show(out.stdout, summary))
	}
	asJSON = append(asJSON, '\n')
	switch {
	case out.asJSON:
		summary = asJSON
	case out.asText:
		summary = distribution
	}
	return errors.Join(show(out.stdout, summary), save(out.json, asJSON), save(out.hdr, distribution))
}

// show writes to standard output. That its reader has gone is no error.
func show(stdout io.Writer, text []byte) error {
	if _, err := stdout.Write(text); err != nil && !errors.Is(err, syscall.EPIPE) {
		return fmt.Errorf("cannot write to standard output: %s", address.Cause(err))
	}
	return nil
}

// save writes a file, if there is one.
func save(file *output.File, data []byte) error {
	if file == nil {
		return nil
	}
	return file.Write(data)
}
