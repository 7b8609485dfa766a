package record_test

import (
	"os"
	"path/filepath"
	"reflect"
	"testing"
	"time"

	"clock"
	"clock/bench/record"
	"clock/bench/slo"
)

func aSearch(capacity int) record.Search {
	return record.Search{
		Version: record.Version, Time: time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC),
		Server: record.Variant{Name: "gnet/shared", Engine: "gnet", Ticker: clock.Shared},
		CPUs:   1, SLO: slo.SLO{{Percentile: 99, Limit: 50 * time.Millisecond}}, Interval: time.Second, Most: 19936,
		Found: record.Found{
			Capacity: capacity, Exceeded: capacity + 100, Confirmed: true, Binds: "the SLO",
			Probes: []record.Probe{{Conns: capacity, Purpose: "doubling", P99: 49 * time.Millisecond, Reach: 1, CPUPerLine: 8.9e-6, Busy: 0.05}},
		},
	}
}

func TestSearchesAreReadAsTheyWereWritten(t *testing.T) {
	path := filepath.Join(t.TempDir(), "s.jsonl")
	want := []record.Search{aSearch(5000), aSearch(5100)}
	check(t, os.WriteFile(path, []byte(lines(t, want[0], want[1])), 0o600))
	got, err := record.ReadSearches(path)
	if check(t, err); !reflect.DeepEqual(got, want) {
		t.Errorf("read %+v, want %+v", got, want)
	}
	if is, err := record.HasSearches(path); err != nil || !is {
		t.Errorf("HasSearches = %v, %v, want true", is, err)
	}
}

func TestWhatIsNoSearchIsAnError(t *testing.T) {
	whole := lines(t, aSearch(5000))
	other := aSearch(5000)
	other.Version++
	tests := map[string]struct {
		text  string
		parts []string
	}{
		"empty":            {"", []string{"the file is empty", "clockbench capacity"}},
		"a comparison":     {lines(t, header()), []string{"line 1", "no search"}},
		"another version":  {whole + lines(t, other), []string{"line 2", "version 2", "reads 1"}},
		"cut off":          {whole + whole[:len(whole)/2], []string{"line 2", "remove the line"}},
		"something else":   {"once upon a time\n", []string{"line 1", "no search"}},
		"cut off at first": {`{"clocksearch":`, []string{"line 1", "remove the line"}},
	}
	for name, tt := range tests {
		path := filepath.Join(t.TempDir(), "s.jsonl")
		check(t, os.WriteFile(path, []byte(tt.text), 0o600))
		_, err := record.ReadSearches(path)
		t.Run(name, func(t *testing.T) { wantError(t, err, append(tt.parts, path)...) })
	}
}

func TestComparisonHasNoSearches(t *testing.T) {
	for name, text := range map[string]string{"comparison": lines(t, header()), "empty": ""} {
		path := filepath.Join(t.TempDir(), "c.jsonl")
		check(t, os.WriteFile(path, []byte(text), 0o600))
		if is, err := record.HasSearches(path); err != nil || is {
			t.Errorf("%s: HasSearches = %v, %v, want false", name, is, err)
		}
	}
	if _, err := record.HasSearches(filepath.Join(t.TempDir(), "none")); err == nil {
		t.Error("a file that is not there is no error")
	}
}
