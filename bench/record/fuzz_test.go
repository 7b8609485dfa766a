package record_test

import (
	"bytes"
	"strings"
	"testing"

	"clock/bench/record"
)

// FuzzRead looks for files that make Read panic, that come back otherwise when
// they are written again, or that lose the runs before when they are cut off.
func FuzzRead(f *testing.F) {
	whole := lines(f, header(), measured(0, "gnet/shared"), measured(1, record.FloorName))
	f.Add([]byte(whole), uint(1))
	f.Add([]byte(whole[:len(whole)-1]), uint(10))
	f.Add([]byte(lines(f, header())+"{}\n"), uint(0))
	f.Add([]byte(`{"clockbench":1}`+"\n"), uint(1))
	f.Add([]byte(`{"clockbench":`), uint(0))
	f.Fuzz(func(t *testing.T, data []byte, cut uint) {
		set, err := record.Read(bytes.NewReader(data))
		if err != nil {
			if strings.Contains(err.Error(), "\n") {
				t.Errorf("the error has more than one line: %q", err)
			}
			return
		}
		head := lines(t, set.Header)
		var runs []string
		for _, r := range set.Runs {
			runs = append(runs, lines(t, r))
		}
		whole := head + strings.Join(runs, "")
		if got := reread(t, whole); got != whole {
			t.Errorf("written again it reads as\n%s\nnot\n%s", got, whole)
		}
		if len(runs) == 0 {
			return
		}
		end := len(head) + int(cut%uint(len(whole)-len(head)))
		n := strings.Count(whole[len(head):end], "\n")
		if got, want := reread(t, whole[:end]), head+strings.Join(runs[:n], ""); got != want {
			t.Errorf("cut off after %d of %d bytes it reads as\n%s\nnot\n%s", end, len(whole), got, want)
		}
	})
}

// reread returns what is read from a file, as it would be written.
func reread(t *testing.T, file string) string {
	set, err := record.Read(strings.NewReader(file))
	check(t, err)
	b := lines(t, set.Header)
	for _, r := range set.Runs {
		b += lines(t, r)
	}
	return b
}
