package record

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"time"

	"clock/bench/slo"
)

// A Search is the search for the capacity of a server, and what it has found:
// a line of JSON, as clockbench capacity writes it.
type Search struct {
	Version  int           `json:"clocksearch"` // of the format: Version
	Time     time.Time     `json:"time"`
	Env      Environment   `json:"env"`
	Server   Variant       `json:"server"`
	CPUs     int           `json:"cpus"` // processors that the server had
	SLO      slo.SLO       `json:"slo"`
	Interval time.Duration `json:"interval"` // nanoseconds, as the next two
	Warmup   time.Duration `json:"warmup"`
	Duration time.Duration `json:"duration"` // of each run
	Most     int           `json:"most"`     // clients that were to be tried at the most
	Found
}

// Found is what a search has found.
type Found struct {
	// Capacity is the most clients that met the SLO; 0 means that none did.
	Capacity int `json:"capacity"`
	// Exceeded is the least number of clients that missed it; 0 means none did.
	Exceeded int `json:"exceeded,omitempty"`
	// Confirmed reports whether a further run with Capacity clients met the
	// SLO, and one with a quarter more missed it, where so many may be tried.
	Confirmed bool `json:"confirmed"`
	// Binds says what the capacity is bound by, for people; "" if that is not
	// known. Cause says it in a word: one of those below, or "" too in what
	// older versions wrote.
	Binds  string  `json:"binds,omitempty"`
	Cause  string  `json:"cause,omitempty"`
	Probes []Probe `json:"probes"` // in order
}

// The causes that a capacity is bound by.
const (
	CPU      = "cpu"      // the server's processors were busy
	SLO      = "slo"      // lag or jitter, or lines that did not come
	Files    = "files"    // the limit on open files of a process
	Unserved = "unserved" // the server did not take or keep all clients
	Most     = "most"     // no more were to be tried
)

// A Probe is one run of a search.
type Probe struct {
	Conns   int       `json:"conns"`
	Purpose string    `json:"purpose"` // doubling, bisecting or confirming
	Time    time.Time `json:"time"`

	// Misses says what of the SLO the run missed; "" means that it met it.
	Misses string `json:"misses,omitempty"`

	// Unserved says why clients were not served, or lost; "" means that all
	// were served.
	Unserved string `json:"unserved,omitempty"`

	// Percentiles of the lag, or of the jitter with a ticker per connection.
	P50 time.Duration `json:"p50"` // nanoseconds
	P99 time.Duration `json:"p99"`
	Max time.Duration `json:"max"`

	Reach      float64 `json:"reach"`
	CPUPerLine float64 `json:"cpu_per_line"` // seconds of the server's processor time
	Busy       float64 `json:"busy"`         // share of its processors that the server used

	OtherCPU float64 `json:"other_cpu,omitempty"` // as of a Run
}

// Same reports whether two searches are one, such as in a file and its copy: on a
// machine no two for the same begin in the same second.
func (s Search) Same(t Search) bool {
	return s.Time.Equal(t.Time) && s.Server == t.Server && s.CPUs == t.CPUs && s.Most == t.Most &&
		s.Interval == t.Interval && slices.Equal(s.SLO, t.SLO)
}

// ReadSearches reads the searches in the file at path.
func ReadSearches(path string) ([]Search, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	searches, err := readSearches(file)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return searches, nil
}

func readSearches(r io.Reader) (searches []Search, err error) {
	in := bufio.NewReader(r)
	for number := 1; ; number++ {
		line, err := in.ReadBytes('\n')
		switch {
		case err != nil && err != io.EOF:
			return nil, err
		case len(line) == 0 && number == 1:
			return nil, errors.New("the file is empty: give one that clockbench capacity wrote")
		case len(line) == 0:
			return searches, nil
		}
		s, err := parseSearch(line)
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", number, err)
		}
		searches = append(searches, s)
	}
}

func parseSearch(line []byte) (s Search, err error) {
	if !isSearch(line) {
		return s, errors.New("this is no search: give a file that clockbench capacity wrote, or remove the line")
	}
	switch err := json.Unmarshal(line, &s); {
	case err != nil:
		return s, fmt.Errorf("%w: remove the line, and search again", err)
	case s.Version != Version:
		return s, fmt.Errorf("version %d of the format, and this clockbench reads %d: search again, or use the clockbench that wrote it", s.Version, Version)
	}
	return s, nil
}

// isSearch reports whether a line begins as one of clockbench capacity does.
func isSearch(line []byte) bool { return bytes.HasPrefix(line, []byte(`{"clocksearch":`)) }

// HasSearches reports whether the file at path begins with a search, and not
// with a comparison.
func HasSearches(path string) (bool, error) {
	file, err := os.Open(path)
	if err != nil {
		return false, err
	}
	defer file.Close()
	line, err := bufio.NewReader(file).Peek(len(`{"clocksearch":`))
	if err == io.EOF {
		err = nil // a file so short has none
	}
	return isSearch(line), err
}
