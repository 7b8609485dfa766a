package clock

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"time"
)

// DefaultLayout is the layout of the book's clock server.
const DefaultLayout = "15:04:05"

// MaxLine is the length in bytes that a line never exceeds, newline included,
// in the years 0 to 9999. The longest layout of package time makes 36; the rest
// is room for words.
const MaxLine = 256

// A Face is what a clock shows: a layout and a time zone. The zero Face shows
// DefaultLayout in the local zone. A Face made by hand is not checked;
// [ParseLayout] and [LoadZone] check what comes from a user.
type Face struct {
	Layout string         // as in time.Time.Format; "" means DefaultLayout
	Zone   *time.Location // nil means time.Local
}

// Append appends the line for the instant t to b, newline included, and
// returns the extended slice. It allocates only where b lacks the room.
func (f Face) Append(b []byte, t time.Time) []byte {
	layout, zone := f.Layout, f.Zone
	if layout == "" {
		layout = DefaultLayout
	}
	if zone == nil {
		zone = time.Local
	}
	return append(t.In(zone).AppendFormat(b, layout), '\n')
}

// layouts are the constants of package time that are layouts, by name.
var layouts = map[string]string{
	"Layout":      time.Layout,
	"ANSIC":       time.ANSIC,
	"UnixDate":    time.UnixDate,
	"RubyDate":    time.RubyDate,
	"RFC822":      time.RFC822,
	"RFC822Z":     time.RFC822Z,
	"RFC850":      time.RFC850,
	"RFC1123":     time.RFC1123,
	"RFC1123Z":    time.RFC1123Z,
	"RFC3339":     time.RFC3339,
	"RFC3339Nano": time.RFC3339Nano,
	"Kitchen":     time.Kitchen,
	"Stamp":       time.Stamp,
	"StampMilli":  time.StampMilli,
	"StampMicro":  time.StampMicro,
	"StampNano":   time.StampNano,
	"DateTime":    time.DateTime,
	"DateOnly":    time.DateOnly,
	"TimeOnly":    time.TimeOnly,
}

// A word is taken for a name. The few words that are layouts themselves are
// the elements of package time without a digit.
var (
	word        = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9]*$`)
	wordLayouts = []string{"Monday", "Mon", "January", "Jan", "MST", "PM", "pm"}
)

// ParseLayout returns the layout that s names: s is a constant of package
// time, such as RFC1123, or else a Go layout, such as 15:04:05. It refuses an
// unknown name, a layout that shows no time, one that would make more than one
// line, and one whose lines could exceed [MaxLine].
func ParseLayout(s string) (string, error) {
	if layout, ok := layouts[s]; ok {
		return layout, nil
	}
	if word.MatchString(s) && !slices.Contains(wordLayouts, s) {
		names := slices.Sorted(maps.Keys(layouts))
		return "", fmt.Errorf("unknown layout %q: use a Go layout such as %s, or one of %s",
			s, DefaultLayout, strings.Join(names, ", "))
	}
	if strings.ContainsFunc(s, func(r rune) bool { return r < ' ' || r == 0x7f }) {
		return "", fmt.Errorf("layout %q has a control character: a line must stay one line", s)
	}
	if !showsTime(s) {
		return "", fmt.Errorf("layout %q shows no time: use a Go layout such as %s (the reference time is %s)",
			s, DefaultLayout, time.Layout)
	}
	if longest := longestLine(s); longest > MaxLine {
		return "", fmt.Errorf("layout makes lines of %d bytes: at most %d", longest, MaxLine)
	}
	return s, nil
}

// LayoutOf returns the name of the layout that a line without its newline is
// written in, such as RFC1123, if that is a constant of package time and shows
// the time of day. [ParseLayout] returns the layout of that name.
func LayoutOf(line string) (name string, ok bool) {
	for _, name := range slices.Sorted(maps.Keys(layouts)) {
		switch numeric := name + "Z"; {
		case name == "DateOnly" || !isWritten(line, layouts[name]):
			continue
		case isWritten(line, layouts[numeric]):
			return numeric, true // an offset from UTC may stand for the zone's name, too
		}
		return name, true
	}
	return "", false
}

// isWritten reports whether a line is written in a layout. What package time
// reads in it may be written in another one all the same.
func isWritten(line, layout string) bool {
	t, err := time.Parse(layout, line)
	return layout != "" && err == nil && t.Format(layout) == line
}

// longestLine returns how long a line in the layout can be, in bytes: the
// longest weekday, two digits everywhere, nine decimals, and either the longest
// month or one of two digits, for no month is both. The zone's name has six
// letters, the most that the IANA database gives one, and its offset seconds.
func longestLine(layout string) int {
	zone := time.FixedZone("LONGER", 12*3600+34*60+56)
	longest := 0
	for _, t := range []time.Time{ // both on a Wednesday
		time.Date(2024, time.September, 25, 22, 58, 59, 123456789, zone),
		time.Date(2024, time.November, 27, 22, 58, 59, 123456789, zone),
	} {
		longest = max(longest, len(Face{layout, zone}.Append(nil, t)))
	}
	return longest
}

// showsTime reports whether a layout has an element of the time in it: some
// two instants then make different lines.
func showsTime(layout string) bool {
	one := time.Date(2024, time.September, 25, 22, 58, 59, 123456789, time.UTC)
	other := time.Date(2031, time.February, 3, 4, 6, 7, 987654321, time.FixedZone("XYZ", 3*3600))
	return one.Format(layout) != other.Format(layout)
}
