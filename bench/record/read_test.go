package record_test

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"clock/bench/record"
)

func TestReadReturnsWhatWasWritten(t *testing.T) {
	h := header()
	set, err := record.Read(strings.NewReader(lines(t, h, measured(0, "gnet/shared"), measured(0, record.FloorName))))
	check(t, err)
	if !reflect.DeepEqual(set.Header, h) {
		t.Errorf("header %v, want %v", set.Header, h)
	}
	if len(set.Runs) != 2 || set.Truncated {
		t.Fatalf("%d runs, truncated %v, want 2 whole ones", len(set.Runs), set.Truncated)
	}
	r := set.Runs[0]
	if r.Variant != "gnet/shared" || r.CPUPerLine() != 1e-5 || r.Load.Lag.Count() != 1 {
		t.Errorf("run %v with %v s per line and %d lags, want that of gnet/shared with 1e-5 and 1", r.Cell, r.CPUPerLine(), r.Load.Lag.Count())
	}
	if d := r.Load.Lag.Percentile(99) - time.Millisecond; d.Abs() > time.Millisecond/1000 {
		t.Errorf("lag %v off", d)
	}
}

func TestReadLeavesOutALastLineThatWasCutOff(t *testing.T) {
	whole := lines(t, header(), measured(0, "gnet/shared"))
	next := lines(t, measured(1, "gnet/shared"))
	tests := map[string]string{
		"in the middle":            next[:len(next)/2],
		"before the newline":       next[:len(next)-1],
		"after one byte":           next[:1],
		"and ended by an editor":   next[:len(next)/2] + "\n",
		"leaving a block of zeros": strings.Repeat("\x00", 4096),
	}
	for name, tail := range tests {
		t.Run(name, func(t *testing.T) {
			set, err := record.Read(strings.NewReader(whole + tail))
			check(t, err)
			if len(set.Runs) != 1 || !set.Truncated {
				t.Errorf("%d runs, truncated %v, want 1 and true", len(set.Runs), set.Truncated)
			}
		})
	}
}

func TestReadSaysWhatIsWrong(t *testing.T) {
	run := measured(0, "gnet/shared")
	head := lines(t, header())
	later := header()
	later.Version++
	empty, stranger, late := run, run, run
	empty.Load = nil
	stranger.Variant = "nginx"
	late.Round = 2
	tests := []struct {
		name, file string
		parts      []string
	}{
		{"empty", "", []string{"line 1", "empty", "clockbench compare"}},
		{"prose", "Dear Sir,\nno figures today.\n", []string{"line 1", "no file of clockbench"}},
		{"other JSON", `{"Action":"run"}` + "\n", []string{"line 1", "no file of clockbench"}},
		{"other version", lines(t, later), []string{"line 1", "version 2", "reads 1", "measure again"}},
		{"header cut off", head[:40], []string{"line 1", "cut off", "remove the file"}},
		{"header of another shape", `{"clockbench":1,"plan":[]}` + "\n", []string{"line 1", "header", "measure again"}},
		{"broken in the middle", head + "{\"round\":\n" + lines(t, run), []string{"line 2", "unexpected end", "remove it"}},
		{"no result", head + lines(t, run, empty), []string{"line 3", "gnet/shared with 10 clients", "without a load result"}},
		{"not in the plan", head + lines(t, stranger), []string{"line 2", "nginx", "plan"}},
		{"round not in the plan", head + lines(t, late), []string{"line 2", "round 2", "0 to 1"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "results.jsonl")
			check(t, os.WriteFile(path, []byte(tt.file), 0o600))
			_, err := record.ReadFile(path)
			wantError(t, err, append(tt.parts, path)...)
		})
	}
}
