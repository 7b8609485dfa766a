package load

import (
	"fmt"
	"strings"
	"time"

	"clock"
)

const (
	// maxEarly is the share of the lines that may arrive a millisecond or more
	// before the tick that they name: more, and the two clocks differ.
	maxEarly = 0.01

	// Gaps that are off the interval by this share of it, and by this time, are
	// those of another interval, and not the drift of a ticker per connection;
	// if they are all alike, but for a tenth, and if hardly any is right: a
	// server that cannot keep its interval keeps it for the first clients.
	otherInterval = 0.2
	maxDrift      = 5 * time.Millisecond
	alike         = 0.1
	maxRegular    = 0.001

	// zoneStep is what the offsets of all zones are multiples of, and zoneError
	// how far a clock in another zone may be off besides.
	zoneStep  = 15 * time.Minute
	zoneError = time.Minute
)

// mismatch says in what the server is not as the config has it, or "" if it is.
// Of several things that do not fit it names the one that explains the others.
func (f *fleet) mismatch(t *tally) string {
	if seen := t.seenInterval(); seen != 0 {
		return fmt.Sprintf("the server's lines come every %v, and not every %v: give its -interval", seen, f.Interval)
	}
	k := t.clues
	switch seen := k.ticker.winner(); {
	case f.tickerUnknown && seen == "" && k.fast <= noise && k.slow <= noise: // by a wrong clock no tick is where it should be
		return "the lines do not show whether the server has a shared ticker or one per connection: give its -ticker"
	case seen == "" || seen == f.Ticker:
	case seen == clock.PerConn:
		return "the server has a ticker per connection: its lines come a whole number of intervals after a client's first, and not on the tick; give -ticker=per-conn, or with -server NAME:per-conn"
	default:
		return "the server has a shared ticker: its lines come on the tick, whenever a client came; give -ticker=shared, or with -server NAME:shared"
	}
	const cure = "run the fleet on its machine, or synchronise the clocks"
	switch {
	case !t.shared: // which needs no clock
	case float64(k.early) > maxEarly*float64(t.lag.Count()):
		return fmt.Sprintf("%d lines came before the tick that they name, by up to %v: the server's clock is ahead; %s", k.early, Brief(time.Duration(max(k.fast, k.earlyBy))), cure)
	case t.lag.Count() > 0 && k.slow > noise:
		return fmt.Sprintf("the server's clock is behind by %v or more: clients are shown times from before they called; %s", Brief(time.Duration(k.slow)), cure)
	}
	return ""
}

// seenInterval returns the interval at which the lines come, if that is not the
// one that they should come at, and otherwise 0.
func (t *tally) seenInterval() time.Duration {
	interval := time.Duration(t.interval)
	off := t.jitter.Percentile(50)
	differs := off > max(maxDrift, time.Duration(otherInterval*float64(interval)))
	spread := t.jitter.Percentile(90) - t.jitter.Percentile(10)
	if !differs || spread > time.Duration(alike*float64(off)) || float64(t.clues.regular) > maxRegular*float64(t.clues.gaps) {
		return 0
	}
	if t.excess < 0 {
		off = -off
	}
	return (interval + off).Round(max(time.Millisecond, interval/100))
}

// checkLine returns an error if the server's first line, which came at the time
// given, is not in the config's layout and zone.
func (c Config) checkLine(line []byte, arrival int64) error {
	p := newParser(c.Face, c.Interval)
	named, ok := p.parse(line, arrival)
	if ok {
		if off := otherZone(time.Duration(named-arrival), p.precision); off != "" {
			return fmt.Errorf("%s shows %q, which is %s from the time in the zone %v: give its -tz", c.Addr, line, off, c.Face.Zone)
		}
		return nil
	}
	name, found := clock.LayoutOf(strings.TrimRight(string(line), "\r"))
	layout, _ := clock.ParseLayout(name)
	switch {
	case !found:
		return fmt.Errorf("%s is no clock of this layout: its line %q is no time in %q; give its -layout and -tz", c.Addr, line, c.Face.Layout)
	case layout == c.Face.Layout:
		return fmt.Errorf("%s shows %q, which is not of the zone %v: give its -tz", c.Addr, line, c.Face.Zone)
	}
	return fmt.Errorf("%s is no clock of this layout: its line %q is no time in %q; give -layout=%s", c.Addr, line, c.Face.Layout, name)
}

// otherZone returns by how much the zone of a clock seems to be another, such as
// +09:00, if its line is off by d and names what it names to a precision; "" if
// it does not.
func otherZone(d, precision time.Duration) string {
	zones := d.Round(zoneStep)
	if zones == 0 || (d-zones).Abs() > zoneError+precision || precision >= zoneStep {
		return ""
	}
	return time.Unix(0, 0).In(time.FixedZone("", int(zones.Seconds()))).Format("-07:00")
}
