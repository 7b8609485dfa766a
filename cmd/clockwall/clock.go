package main

import (
	"fmt"
	"strings"
	"time"

	protocol "clock"
	"clock/cmd/internal/printable"
)

// A state is what is known of a clock. The bad ones are capitals, to be seen
// from afar.
type state string

const (
	connecting  state = "connecting"
	connected   state = "connected" // of events only: to be seen, a clock has to show a line
	running     state = "running"
	stopped     state = "STOPPED"
	ended       state = "ENDED"
	unreachable state = "UNREACHABLE"
	notClock    state = "NOT A CLOCK"
)

// A clock is one clock on the wall. All of its text can be shown.
type clock struct {
	name, address string
	state         state
	reason        string // of a bad state
	line          string // the last one; "" before the first
	off           string // how far off that was
	interval      time.Duration

	// silentSince is when the last line of the open connection came, or else
	// when it was opened. It is zero while there is no connection.
	silentSince time.Time
}

func newClock(name, address string) *clock {
	return &clock{name: name, address: address, state: connecting}
}

// minPatience is three intervals of one second: what a clock usually has, and
// what is assumed before its second line.
const minPatience = 3 * time.Second

// patience is how long a clock may be silent before it counts as stopped.
func (c *clock) patience() time.Duration { return max(minPatience, 3*c.interval) }

// apply takes over what e says, and reports whether that is news.
func (c *clock) apply(e event, layout string) (news bool) {
	text := printable.Text(e.text)
	switch e.state {
	case connected:
		c.silentSince = e.at
		return false
	case running:
		// The first line after a connection comes at once and ends no interval.
		if c.state == running || c.state == stopped {
			c.interval = e.at.Sub(c.silentSince)
		}
		c.state, c.reason = running, ""
		c.line, c.off = text, offset(layout, text, e.at)
		c.silentSince = e.at
		return true
	case ended, unreachable, notClock:
		c.silentSince = time.Time{}
	}
	news = c.state != e.state || c.reason != text
	c.state, c.reason = e.state, text
	return news
}

// isOverdue reports whether c has stopped and is not known to.
func (c *clock) isOverdue(now time.Time) bool {
	return c.state != stopped && !c.silentSince.IsZero() && now.Sub(c.silentSince) > c.patience()
}

// news says in words what there is to tell of c.
func (c *clock) news() string {
	if c.state == running {
		return c.line + " " + c.off
	}
	return strings.ToLower(string(c.state)) + ": " + c.reason
}

// quarter is what all time zones are whole multiples of.
const quarter = 15 * time.Minute

// offset returns how far the time that line names is off the one at which it
// arrived, modulo a quarter of an hour; "?" if line names none that read can
// tell.
func offset(layout, line string, arrival time.Time) string {
	named, ok := read(layout, line)
	if !ok {
		return "?"
	}
	off := (sinceMidnight(named) - sinceMidnight(arrival.UTC())) % quarter
	if off > quarter/2 {
		off -= quarter
	} else if off <= -quarter/2 {
		off += quarter
	}
	return fmt.Sprintf("%+.3fs", off.Seconds())
}

// read returns the time that line names, in layout or else in one of those
// that package time has a name for.
func read(layout, line string) (time.Time, bool) {
	named, err := time.Parse(layout, line)
	if err == nil {
		return named, true
	}
	name, ok := protocol.LayoutOf(line)
	if !ok {
		return time.Time{}, false
	}
	layout, _ = protocol.ParseLayout(name)
	named, err = time.Parse(layout, line)
	return named, err == nil
}

func sinceMidnight(t time.Time) time.Duration {
	return time.Duration(t.Hour())*time.Hour +
		time.Duration(t.Minute())*time.Minute +
		time.Duration(t.Second())*time.Second +
		time.Duration(t.Nanosecond())
}
