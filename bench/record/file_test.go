package record_test

import (
	"math"
	"os"
	"path/filepath"
	"testing"
	"time"

	"clock/bench/record"
)

func TestAFileIsReadableAfterEachAppend(t *testing.T) {
	path := filepath.Join(t.TempDir(), "results.jsonl")
	f := open(t, path, header())
	for i, variant := range []string{"gnet/shared", record.FloorName} {
		check(t, f.Append(measured(0, variant)))
		set, err := record.ReadFile(path)
		check(t, err)
		if len(set.Runs) != i+1 || len(f.Set().Runs) != i+1 || set.Runs[i].Variant != variant {
			t.Errorf("after %d runs the file has %d, and its set %d", i+1, len(set.Runs), len(f.Set().Runs))
		}
	}
}

func TestOpenResumes(t *testing.T) {
	tests := map[string]string{"a whole file": "", "a file cut off": `{"round":0,"vari`}
	for name, tail := range tests {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "results.jsonl")
			check(t, os.WriteFile(path, []byte(lines(t, header(), measured(0, "gnet/shared"))+tail), 0o600))
			h := header()
			h.Plan.Seed, h.Time = 2, time.Now()
			f := open(t, path, h)
			if set := f.Set(); len(set.Runs) != 1 || set.Plan.Seed != 1 || !set.Time.Equal(header().Time) {
				t.Errorf("resumed with %d runs, seed %d, time %v, want those of the file", len(set.Runs), set.Plan.Seed, set.Time)
			}
			check(t, f.Append(measured(1, "gnet/shared")))
			set, err := record.ReadFile(path)
			check(t, err)
			if len(set.Runs) != 2 || set.Runs[1].Round != 1 || set.Truncated {
				t.Errorf("%d runs, truncated %v, want 2 whole ones", len(set.Runs), set.Truncated)
			}
		})
	}
}

func TestOpenBeginsAnEmptyFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "results.jsonl")
	check(t, os.WriteFile(path, nil, 0o600))
	open(t, path, header())
	if _, err := record.ReadFile(path); err != nil {
		t.Error(err)
	}
}

func TestOpenRefusesAnotherComparison(t *testing.T) {
	tests := []struct {
		name   string
		change func(*record.Header)
		part   string
	}{
		{"rounds", func(h *record.Header) { h.Plan.Rounds = 5 }, "rounds 2, not 5"},
		{"duration", func(h *record.Header) { h.Plan.Duration = time.Minute }, "duration 10s, not 1m0s"},
		{"cells", func(h *record.Header) { h.Plan.Cells[0].Stalled = 0.1 }, "other cells"},
		{"variants", func(h *record.Header) { h.Plan.Variants[1].Ticker = "per-conn" }, "other variants"},
		{"kernel", func(h *record.Header) { h.Env.Kernel = "6.2" }, "kernel 6.1, not 6.2"},
		{"processors", func(h *record.Header) { h.Env.ServerCPU = nil }, "server_cpu [0], not []"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "results.jsonl")
			before := lines(t, header(), measured(0, "gnet/shared")) + "{cut"
			check(t, os.WriteFile(path, []byte(before), 0o600))
			h := header()
			tt.change(&h)
			_, err := record.Open(path, h)
			wantError(t, err, path, tt.part, "choose another -o")
			if after, err := os.ReadFile(path); err != nil || string(after) != before {
				t.Errorf("the file was changed to %q, %v", after, err)
			}
		})
	}
}

func TestOpenLeavesForeignFilesAlone(t *testing.T) {
	path := filepath.Join(t.TempDir(), "letter.txt")
	check(t, os.WriteFile(path, []byte("Dear Sir"), 0o600))
	_, err := record.Open(path, header())
	wantError(t, err, path, "line 1", "no file of clockbench", "choose another -o")
	if b, err := os.ReadFile(path); err != nil || string(b) != "Dear Sir" {
		t.Errorf("the file was changed to %q, %v", b, err)
	}
}

func TestOpenRefusesDevices(t *testing.T) {
	const full = "/dev/full"
	if _, err := os.Stat(full); err != nil {
		t.Skip(err)
	}
	_, err := record.Open(full, header())
	wantError(t, err, full, "no regular file", "choose another -o")
}

func TestAppendRefusesWhatCouldNotBeRead(t *testing.T) {
	path := filepath.Join(t.TempDir(), "results.jsonl")
	f := open(t, path, header())
	empty, nan := measured(0, "gnet/shared"), measured(0, "gnet/shared")
	empty.Load = nil
	nan.UserMemory = math.NaN()
	wantError(t, f.Append(empty), "without a load result")
	wantError(t, f.Append(nan), "NaN")
	wantError(t, f.Append(measured(7, "gnet/shared")), "round 7")
	set, err := record.ReadFile(path)
	check(t, err)
	if len(set.Runs) != 0 || len(f.Set().Runs) != 0 || set.Truncated {
		t.Errorf("%d runs, truncated %v, want an empty comparison", len(set.Runs), set.Truncated)
	}
}

func open(t *testing.T, path string, h record.Header) *record.File {
	t.Helper()
	f, err := record.Open(path, h)
	check(t, err)
	t.Cleanup(func() { _ = f.Close() })
	return f
}
