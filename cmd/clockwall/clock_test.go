package main

import (
	"testing"
	"time"
)

func TestOffset(t *testing.T) {
	const layout = "15:04:05"
	tests := []struct {
		layout, line, arrival, want string
	}{
		{layout, "12:00:00", "12:00:00", "+0.000s"},
		{layout, "12:00:00", "12:00:00.002", "-0.002s"}, // a line on its way
		{layout, "12:00:00", "12:00:00.999", "-0.999s"}, // the second has passed meanwhile
		{layout, "12:00:13", "12:00:00.5", "+12.500s"},  // fast
		{layout, "11:59:30", "12:00:00", "-30.000s"},    // slow
		{layout, "07:00:00", "12:00:00.01", "-0.010s"},  // New York
		{layout, "17:45:00", "12:00:00", "+0.000s"},     // Kathmandu
		{layout, "00:00:01", "23:59:59", "+2.000s"},     // across midnight
		{layout, "23:59:59", "00:00:01", "-2.000s"},     // and back
		{layout, "08:59:59", "00:00:00.25", "-1.250s"},  // Tokyo, across the hour
		{layout, "12:07:30", "12:00:00", "+450.000s"},   // as far as it goes
		{layout, "12:07:31", "12:00:00", "-449.000s"},   // looks better than it is
		{layout, "noon", "12:00:00", "?"},
		{layout, "12:00:00 ", "12:00:00", "?"},
		{layout, "25:00:00", "12:00:00", "?"},
		{layout, "", "12:00:00", "?"},
		{"3:04:05", "1:00:00", "13:00:00", "+0.000s"}, // half a day is whole quarters too
		{"15:04", "12:00", "12:00:59", "-59.000s"},    // no finer than the layout
		{"04:05", "30:00", "12:30:00", "+0.000s"},
		{time.RFC1123, "Sat, 01 Jan 2000 07:00:00 EST", "12:00:00", "+0.000s"},
		{time.StampMilli, "Jan  1 12:00:00.250", "12:00:00", "+0.250s"},
		{layout, "Sat, 01 Jan 2000 07:00:13 EST", "12:00:00", "+13.000s"}, // RFC1123
		{layout, "Sat, 01 Jan 2000 07:00:13 -0500", "12:00:00", "+13.000s"},
		{layout, "7:01AM", "12:00:00", "+60.000s"}, // Kitchen
		{layout, "2000-01-01T11:59:58.5Z", "12:00:00", "-1.500s"},
		{layout, "Jan  1 12:00:00.250", "12:00:00", "+0.250s"},
		{time.Kitchen, "12:00:01", "12:00:00", "+1.000s"},
		{layout, "2000-01-01", "12:00:00", "?"}, // a layout with a name, and no time of day
		{layout, "12:00:00 o'clock", "12:00:00", "?"},
	}
	for _, test := range tests {
		arrival, err := time.Parse("15:04:05", test.arrival)
		if err != nil {
			t.Fatal(err)
		}
		// Where this machine stands must not matter.
		for _, zone := range []*time.Location{time.UTC, time.FixedZone("Pitcairn", -8*3600)} {
			if got := offset(test.layout, test.line, arrival.In(zone)); got != test.want {
				t.Errorf("offset(%q, %q, %s) = %s, want %s", test.layout, test.line, test.arrival, got, test.want)
			}
		}
	}
}
