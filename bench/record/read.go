package record

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
)

// ReadFile reads the comparison in the file at path.
func ReadFile(path string) (*Set, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	set, err := Read(file)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	set.Path = path
	return set, nil
}

// Read reads a comparison. It leaves out a last line that was cut off, and
// says so in Set.Truncated; anything else that is wrong is an error that names
// the line.
func Read(r io.Reader) (*Set, error) {
	set, _, err := read(r)
	return set, err
}

// read also returns the offset of the end of the last line that is whole.
func read(r io.Reader) (set *Set, end int64, err error) {
	in := bufio.NewReader(r)
	set = new(Set)
	for number := 1; ; number++ {
		line, err := in.ReadBytes('\n')
		if err != nil && err != io.EOF {
			return nil, 0, err
		}
		switch {
		case number == 1:
			if err := set.begin(line); err != nil {
				return nil, 0, fmt.Errorf("line 1: %w", err)
			}
		case len(line) == 0:
			return set, end, nil
		case err == io.EOF, !json.Valid(line) && last(in):
			set.Truncated = true
			return set, end, nil
		default:
			if err := set.add(line); err != nil {
				return nil, 0, fmt.Errorf("line %d: %w: mend the line or remove it", number, err)
			}
		}
		end += int64(len(line))
	}
}

// last reports whether nothing more can be read.
func last(in *bufio.Reader) bool {
	_, err := in.Peek(1)
	return err == io.EOF
}

// begin takes the first line.
func (s *Set) begin(line []byte) error {
	if len(line) == 0 {
		return errors.New("the file is empty: give one that clockbench compare wrote")
	}
	if cut := !bytes.HasSuffix(line, []byte("\n")) && bytes.HasPrefix(line, []byte(`{"clockbench":`)); cut {
		return errors.New("the header was cut off, so nothing was measured: remove the file and measure again")
	}
	var format struct {
		Version *int `json:"clockbench"`
	}
	if err := json.Unmarshal(line, &format); err != nil || format.Version == nil {
		return errors.New("this is no file of clockbench: give one that clockbench compare wrote")
	}
	if *format.Version != Version {
		return fmt.Errorf("version %d of the format, and this clockbench reads %d: measure again, or use the clockbench that wrote it",
			*format.Version, Version)
	}
	if err := json.Unmarshal(line, &s.Header); err != nil {
		return fmt.Errorf("the header: %w: measure again", err)
	}
	return nil
}

// add takes any further line.
func (s *Set) add(line []byte) error {
	var r Run
	if err := json.Unmarshal(line, &r); err != nil {
		return err
	}
	if err := s.check(r); err != nil {
		return err
	}
	s.Runs = append(s.Runs, r)
	return nil
}
