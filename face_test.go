package clock_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	"clock"
)

func ExampleFace() {
	berlin, _ := clock.LoadZone("Europe/Berlin")
	layout, _ := clock.ParseLayout("RFC1123")
	face := clock.Face{Layout: layout, Zone: berlin}
	line := face.Append(nil, time.Date(2026, time.November, 22, 11, 30, 0, 0, time.UTC))
	fmt.Printf("%q\n", line)
	// Output: "Sun, 22 Nov 2026 12:30:00 CET\n"
}

func TestFaceOnTheDaysThatClocksChange(t *testing.T) {
	berlin, err := clock.LoadZone("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name string
		at   time.Time // the first of three seconds
		want string
	}{
		{"spring skips an hour", time.Date(2026, time.March, 29, 0, 59, 59, 0, time.UTC), "01:59:59 03:00:00 03:00:01"},
		{"autumn repeats one", time.Date(2026, time.October, 25, 0, 59, 59, 0, time.UTC), "02:59:59 02:00:00 02:00:01"},
		{"an hour later", time.Date(2026, time.October, 25, 1, 59, 59, 0, time.UTC), "02:59:59 03:00:00 03:00:01"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var lines []byte
			for i := range 3 {
				lines = clock.Face{Zone: berlin}.Append(lines, tt.at.Add(time.Duration(i)*time.Second))
			}
			if got := strings.Join(strings.Fields(string(lines)), " "); got != tt.want {
				t.Errorf("got %s, want %s", got, tt.want)
			}
		})
	}
}

func TestFaceAppendDoesNotAllocate(t *testing.T) {
	buf := make([]byte, 0, clock.MaxLine)
	face := clock.Face{Layout: time.RFC1123Z, Zone: time.UTC}
	now := time.Now()
	if n := testing.AllocsPerRun(100, func() { buf = face.Append(buf[:0], now) }); n != 0 {
		t.Errorf("%v allocations a line, want none", n)
	}
}

func TestParseLayout(t *testing.T) {
	tests := []struct{ in, want string }{
		{"RFC1123", time.RFC1123},
		{"Kitchen", time.Kitchen},
		{"StampMicro", time.StampMicro},
		{"15:04:05", "15:04:05"},
		{"20060102T150405Z", "20060102T150405Z"},
		{"Monday", "Monday"},
		{"the time is 3:04 PM", "the time is 3:04 PM"},
	}
	for _, tt := range tests {
		if got, err := clock.ParseLayout(tt.in); got != tt.want || err != nil {
			t.Errorf("ParseLayout(%q) = %q, %v, want %q", tt.in, got, err, tt.want)
		}
	}
}

func TestParseLayoutRefuses(t *testing.T) {
	tests := []struct{ in, because string }{
		{"RFC1124", "unknown layout"}, // has elements of a layout in it, but is a misspelt name
		{"kitchen", "unknown layout"},
		{"", "shows no time"},
		{"-- : --", "shows no time"},
		{"15:04\n05", "control character"},
		{"\x1b[31m15:04", "control character"},
		{"15:04" + strings.Repeat(".", clock.MaxLine), "at most 256"},
		{strings.Repeat(" Z07", clock.MaxLine/4), "at most 256"},     // one byte in UTC, three elsewhere
		{strings.Repeat(" MST", clock.MaxLine/5), "at most 256"},     // +0530 is a name, too
		{strings.Repeat(" Jan1", clock.MaxLine/5), "at most 256"},    // a number of two digits, a third of the year
		{strings.Repeat(" January", clock.MaxLine/9), "at most 256"}, // the ninth is the longest
	}
	for _, tt := range tests {
		if _, err := clock.ParseLayout(tt.in); err == nil || !strings.Contains(err.Error(), tt.because) {
			t.Errorf("ParseLayout(%q) = %v, want an error with %q", tt.in, err, tt.because)
		}
	}
}

// FuzzFace looks for a layout that ParseLayout accepts and a clock cannot show
// in one line of MaxLine bytes, whatever the time and the zone.
func FuzzFace(f *testing.F) {
	for _, layout := range []string{
		"15:04:05", "RFC1123", "Mon Jan _2 2006", ".000000000", "MST Z07:00:00", "\n", "RFC\n",
		strings.Repeat("Z07:00", clock.MaxLine/6), strings.Repeat("1,", clock.MaxLine/2),
	} {
		f.Add(layout, int64(1795435200), int64(123456789), 3600)
	}
	const day = 24 * 60 * 60
	first, last := time.Date(0, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC)
	f.Fuzz(func(t *testing.T, s string, seconds, nanoseconds int64, offset int) {
		layout, err := clock.ParseLayout(s)
		if err != nil {
			if strings.Contains(err.Error(), "\n") {
				t.Errorf("layout %q: the error has more than one line: %q", s, err)
			}
			return
		}
		// No zone of the world is a day off, and MaxLine is for years of four digits.
		zone := time.FixedZone("", offset%day)
		at := time.Unix(seconds, nanoseconds%1e9).In(zone)
		if at.Before(first.AddDate(0, 0, 1)) || at.After(last.AddDate(0, 0, -1)) {
			at = first.AddDate(0, 0, int(uint64(seconds)%(9998*365)))
		}
		line := clock.Face{Layout: layout, Zone: zone}.Append([]byte("before"), at)
		line, kept := bytes.CutPrefix(line, []byte("before"))
		if !kept || len(line) > clock.MaxLine || !bytes.HasSuffix(line, []byte("\n")) || bytes.Count(line, []byte("\n")) != 1 {
			t.Errorf("layout %q makes of %v %d bytes: %q", s, at, len(line), line)
		}
	})
}

func TestLayoutOfALine(t *testing.T) {
	at := time.Date(2024, time.September, 5, 3, 4, 5, 123456789, time.UTC)
	for _, name := range []string{
		"Layout", "ANSIC", "UnixDate", "RubyDate", "RFC822", "RFC822Z", "RFC850", "RFC1123", "RFC1123Z",
		"RFC3339", "RFC3339Nano", "Kitchen", "Stamp", "StampMilli", "StampMicro", "StampNano", "DateTime", "TimeOnly",
	} {
		layout, err := clock.ParseLayout(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, zone := range []*time.Location{time.UTC, time.FixedZone("EST", -5*3600)} {
			line := at.In(zone).Format(layout)
			if got, ok := clock.LayoutOf(line); got != name || !ok {
				t.Errorf("LayoutOf(%q) = %q, %v, want %s", line, got, ok, name)
			}
		}
	}
	for _, line := range []string{"", "noon", "12:00", "2024-09-05", "25:00:00", "12:00:00 ", "3:04:05", "Thu, 05 Sep 2024", "HTTP/1.1 400 Bad Request"} {
		if got, ok := clock.LayoutOf(line); ok {
			t.Errorf("LayoutOf(%q) = %s, want none", line, got)
		}
	}
}
