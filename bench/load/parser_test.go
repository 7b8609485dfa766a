package load

import (
	"testing"
	"time"

	"clock"
)

func TestParserFindsTheInstant(t *testing.T) {
	zone := func(name string) *time.Location {
		zone, err := time.LoadLocation(name)
		if err != nil {
			t.Fatal(err)
		}
		return zone
	}
	berlin, lordHowe, troll := zone("Europe/Berlin"), zone("Australia/Lord_Howe"), zone("Antarctica/Troll")
	at := func(s string) time.Time {
		instant, err := time.Parse(time.RFC3339Nano, s)
		if err != nil {
			t.Fatal(err)
		}
		return instant
	}
	tests := []struct {
		name    string
		layout  string
		zone    *time.Location
		line    string
		arrival string
		want    string // "" means that it is no time
	}{
		{"the default", "15:04:05", time.UTC, "12:00:01", "2026-11-23T12:00:01.2Z", "2026-11-23T12:00:01Z"},
		{"before midnight, read after", "15:04:05", time.UTC, "23:59:59", "2026-11-24T00:00:00.1Z", "2026-11-23T23:59:59Z"},
		{"after midnight, by a clock ahead", "15:04:05", time.UTC, "00:00:00", "2026-11-23T23:59:59.9Z", "2026-11-24T00:00:00Z"},
		{"a zone with its own midnight", "15:04:05", berlin, "00:00:01", "2026-11-22T23:00:01.5Z", "2026-11-22T23:00:01Z"},
		{"half a day's hours", "3:04:05", time.UTC, "1:00:00", "2026-11-23T13:00:00.5Z", "2026-11-23T13:00:00Z"},
		{"a date without a year, at new year", time.StampMilli, time.UTC, "Dec 31 23:59:59.900", "2027-01-01T00:00:00.1Z", "2026-12-31T23:59:59.9Z"},
		{"a full date", time.RFC3339Nano, time.UTC, "2026-11-23T12:00:01.5Z", "2026-11-23T12:00:01.6Z", "2026-11-23T12:00:01.5Z"},
		{"the first of two hours alike", "15:04:05", berlin, "02:30:00", "2026-10-25T00:30:00.2Z", "2026-10-25T00:30:00Z"},
		{"the second of two hours alike", "15:04:05", berlin, "02:30:00", "2026-10-25T01:30:00.2Z", "2026-10-25T01:30:00Z"},
		{"the first of two half hours alike", "15:04:05", lordHowe, "01:45:00", "2026-04-04T14:45:00.2Z", "2026-04-04T14:45:00Z"},
		{"the second of two half hours alike", "15:04:05", lordHowe, "01:45:00", "2026-04-04T15:15:00.2Z", "2026-04-04T15:15:00Z"},
		{"just after half an hour was left out", "15:04:05", lordHowe, "02:30:00", "2026-10-03T15:30:00.2Z", "2026-10-03T15:30:00Z"},
		{"the first of two times alike, two hours apart", "15:04:05", troll, "02:59:59", "2026-10-25T00:59:59.2Z", "2026-10-25T00:59:59Z"},
		{"the second of two times alike, two hours apart", "15:04:05", troll, "02:59:59", "2026-10-25T02:59:59.2Z", "2026-10-25T02:59:59Z"},
		{"just after two hours were left out", "15:04:05", troll, "03:00:00", "2026-03-29T01:00:00.2Z", "2026-03-29T01:00:00Z"},
		{"a full date in two half hours alike", time.DateTime, lordHowe, "2026-04-05 01:45:00", "2026-04-04T15:15:00.2Z", "2026-04-04T15:15:00Z"},
		{"a carriage return at its end", "15:04:05", time.UTC, "12:00:01\r", "2026-11-23T12:00:01.2Z", "2026-11-23T12:00:01Z"},
		{"a carriage return within", "15:04:05", time.UTC, "12:00\r:01", "2026-11-23T12:00:01.2Z", ""},
		{"a line's end, which parses", "15:04:05", time.UTC, "2:00:01", "2026-11-23T12:00:01.2Z", ""},
		{"two lines run together", "15:04:05", time.UTC, "12:00:0112:00:02", "2026-11-23T12:00:02.2Z", ""},
		{"nothing", "15:04:05", time.UTC, "", "2026-11-23T12:00:02.2Z", ""},
		{"a year of long ago", time.RFC3339, time.UTC, "0000-01-01T00:00:00Z", "2026-11-23T12:00:02.2Z", ""},
		{"another protocol", "15:04:05", time.UTC, "SSH-2.0-OpenSSH_10.0", "2026-11-23T12:00:02.2Z", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := newParser(clock.Face{Layout: tt.layout, Zone: tt.zone}, time.Second)
			for range 2 { // the second time it is the line before
				named, ok := p.parse([]byte(tt.line), at(tt.arrival).UnixNano())
				if ok != (tt.want != "") {
					t.Fatalf("parse(%q) is a time: %v", tt.line, ok)
				}
				if ok && !time.Unix(0, named).Equal(at(tt.want)) {
					t.Errorf("parse(%q) = %v, want %s", tt.line, time.Unix(0, named).UTC(), tt.want)
				}
			}
		})
	}
}

func TestParserTellsTheSameLineOfAnotherDay(t *testing.T) {
	p := newParser(clock.Face{Layout: "15:04:05", Zone: time.UTC}, time.Second)
	day := time.Date(2026, time.November, 23, 12, 0, 0, 0, time.UTC)
	for i := range 3 {
		want := day.AddDate(0, 0, i)
		if named, _ := p.parse([]byte("12:00:00"), want.UnixNano()+1e8); named != want.UnixNano() {
			t.Errorf("day %d: %v", i, time.Unix(0, named))
		}
	}
}

func TestParserTellsTheSameLineHalfAnHourLater(t *testing.T) {
	lordHowe, err := time.LoadLocation("Australia/Lord_Howe")
	if err != nil {
		t.Fatal(err)
	}
	p := newParser(clock.Face{Layout: "15:04:05", Zone: lordHowe}, 30*time.Minute)
	for i := range 2 {
		want := time.Date(2026, time.April, 4, 14, 45, 0, 0, time.UTC).Add(time.Duration(i) * 30 * time.Minute)
		if named, _ := p.parse([]byte("01:45:00"), want.UnixNano()+1e8); named != want.UnixNano() {
			t.Errorf("the line of %v is taken for that of %v", want, time.Unix(0, named).UTC())
		}
	}
}

func TestPrecisionOfLayouts(t *testing.T) {
	for layout, want := range map[string]time.Duration{
		time.StampNano: time.Nanosecond, time.StampMicro: time.Microsecond, "05.00": 10 * time.Millisecond,
		"15:04:05": time.Second, time.Kitchen: time.Minute, "3PM": time.Hour, time.DateOnly: 24 * time.Hour,
	} {
		if got := precision(clock.Face{Layout: layout, Zone: time.UTC}); got != want {
			t.Errorf("precision of %q is %v, want %v", layout, got, want)
		}
	}
}

func TestLayoutMustTellTicksApart(t *testing.T) {
	tests := []struct {
		layout   string
		interval time.Duration
		ok       bool
	}{
		{"15:04:05", time.Second, true},
		{"15:04:05", 1500 * time.Millisecond, true},
		{"15:04:05", 100 * time.Millisecond, false},
		{time.StampMilli, 100 * time.Millisecond, true},
		{time.Kitchen, time.Second, false},
		{time.Kitchen, time.Minute, true},
		{"15:04:05", 24 * time.Hour, false},
		{"04:05", time.Second, false}, // of whatever hour
		{time.DateOnly, 24 * time.Hour, true},
		{time.RFC1123, time.Second, true},
	}
	for _, tt := range tests {
		err := newParser(clock.Face{Layout: tt.layout, Zone: time.UTC}, tt.interval).check()
		if (err == nil) != tt.ok {
			t.Errorf("layout %q every %v: %v", tt.layout, tt.interval, err)
		}
	}
}
