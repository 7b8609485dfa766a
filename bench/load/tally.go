package load

import (
	"bytes"
	"slices"
	"time"

	"clock"
)

// A window is the time that is counted, in nanoseconds since 1970. It opens
// and closes half an interval after a tick.
type window struct {
	from, to int64
}

func (w window) has(t int64) bool { return w.from <= t && t < w.to }

// A tally counts what the clients of one worker see. Nothing is locked: each
// worker has its own, and they are added up at the end.
type tally struct {
	interval int64
	shared   bool // the server's ticker
	parser   *parser
	window   window
	closed   bool  // the window is over
	slots    slots // the ticks of the window
	held     map[*client][]byte

	connect, storm, churn *joining // how clients connected: at first, and later
	join                  *joining // the one of connect and storm that it is time for

	ended  int   // behaving clients whose connection has ended, or was refused
	lost   int   // those of them that had been served
	failed int   // behaving clients that never were
	total  int64 // lines of the whole run

	lines, allLines, missing, skipped, repeated, torn, stale int64
	untimed                                                  int64
	gaps, excess                                             int64 // between lines, and what they are longer than the interval in all
	lag, jitter                                              *Histogram
	means                                                    []float64 // of the judged measure, by client

	behind time.Duration  // the longest that nobody looked for lines
	causes map[string]int // why clients failed or were lost

	clues clues // to what the server is
}

// A joining is how clients connect.
type joining struct {
	clients  int   // that have had their first line
	from, to int64 // the first connect, the last first line
	first    *Histogram
	failed   int            // clients that never had a first line, of a storm
	causes   map[string]int // why connections failed or ended, of a storm
}

func newJoining() *joining {
	return &joining{first: NewHistogram(), causes: make(map[string]int)}
}

func (j *joining) call(now int64) {
	if j.from == 0 {
		j.from = now
	}
}

func (j *joining) greeted(called, arrival int64) {
	j.clients++
	j.to = max(j.to, arrival)
	j.first.Record(time.Duration(arrival - called))
}

func (j *joining) merge(k *joining) {
	j.clients += k.clients
	if j.from == 0 || k.from != 0 && k.from < j.from {
		j.from = k.from
	}
	j.to = max(j.to, k.to)
	j.first.Merge(k.first)
	for cause, n := range k.causes {
		j.causes[cause] += n
	}
}

func (j *joining) result() Connect {
	return Connect{Clients: j.clients, Took: time.Duration(max(0, j.to-j.from)), First: j.first, Causes: j.causes}
}

func newTally(c Config) *tally {
	t := &tally{
		interval: int64(c.Interval),
		shared:   c.Ticker == clock.Shared,
		parser:   newParser(c.Face, c.Interval),
		held:     make(map[*client][]byte),
		connect:  newJoining(),
		storm:    newJoining(),
		churn:    newJoining(),
		lag:      NewHistogram(),
		jitter:   NewHistogram(),
		causes:   make(map[string]int),
		clues:    newClues(),
	}
	t.join = t.connect
	return t
}

// open tells the tally the window before it begins.
func (t *tally) open(w window) {
	t.window = w
	t.slots = newSlots((w.to - w.from) / t.interval)
}

// call notes that the client calls connect.
func (t *tally) call(c *client, now int64) {
	*c = client{role: c.role, state: calling, called: now}
	t.join.call(now)
}

// data takes what has arrived at the client: whole lines, mostly one. A part
// of a line is held until the rest comes. What is too long for a line counts as
// one that is torn, and is held no further than shows that, so that nobody can
// fill the memory. It does not keep b.
func (t *tally) data(c *client, b []byte, arrival int64) {
	counted := false // the line that b begins with
	if len(t.held) > 0 {
		if part, ok := t.held[c]; ok {
			delete(t.held, c)
			counted = len(part) > clock.MaxLine
			b = append(part, b...)
		}
	}
	for {
		line, rest, whole := bytes.Cut(b, newline)
		if !whole {
			break
		}
		if !counted {
			t.line(c, line, arrival)
		}
		b, counted = rest, false
	}
	if len(b) > clock.MaxLine {
		b = b[:clock.MaxLine+1]
		if !counted {
			t.line(c, b, arrival)
		}
	}
	if len(b) > 0 {
		t.held[c] = bytes.Clone(b)
	}
}

var newline = []byte{'\n'}

// line takes one line.
func (t *tally) line(c *client, line []byte, arrival int64) {
	named, ok := t.parser.parse(line, arrival)
	t.total++
	counted := t.window.has(arrival)
	if counted {
		t.allLines++
	}
	if !ok && counted && c.role == behaving {
		t.torn++
	}
	switch {
	case !ok:
		return
	case c.state == calling:
		t.greeted(c, named, arrival, counted)
		return
	case c.role == churning:
		return
	}
	if t.window.to != 0 && arrival >= t.window.to {
		return // so that what it shows is not taken for seen in the window
	}
	if gap := arrival - c.last; c.last == c.first {
		t.clues.ticker.add(gap, arrival-t.floor(arrival), t.interval)
	} else {
		t.clues.gap(gap, t.interval)
	}
	if t.shared && t.floor(named) != named {
		named = t.floor(named) + t.interval // the layout shows less than the tick
	}
	if counted {
		t.count(c, named, arrival)
	}
	c.last, c.shown = arrival, max(c.shown, named)
}

// greeted takes a client's first line: it comes at once, not on a tick.
func (t *tally) greeted(c *client, named, arrival int64, counted bool) {
	c.state = served
	c.first, c.last, c.shown = arrival, arrival, t.floor(named)
	t.clues.greeting(c.called, named, arrival, t.parser.precision)
	switch {
	case c.role != churning || t.window.from == 0 || t.join == t.storm:
		t.join.greeted(c.called, arrival)
	case counted:
		t.churn.call(c.called)
		t.churn.greeted(c.called, arrival)
	}
}

// floor returns the tick at or before t.
func (t *tally) floor(instant int64) int64 {
	return time.Unix(0, instant).Truncate(time.Duration(t.interval)).UnixNano()
}

// count counts a line of the window that is not the client's first.
func (t *tally) count(c *client, named, arrival int64) {
	gap := arrival - c.last
	t.gaps++
	t.excess += gap - t.interval
	jitter := time.Duration(gap - t.interval).Abs()
	t.jitter.Record(jitter)
	if named <= c.shown {
		t.repeated++
		return
	}
	lag := arrival - named
	if lag >= 2*t.interval {
		t.stale++
	}
	t.skipped += (named-c.shown+t.interval/2)/t.interval - 1
	c.lines++
	if t.shared {
		t.missing += t.between(c.shown, named)
		if t.window.has(named) {
			t.lines++
		}
		t.lag.Record(time.Duration(lag))
		t.clues.tick(lag)
		c.sum += lag
		t.slots.mark((named-t.window.from)/t.interval, arrival)
		return
	}
	t.lines++
	t.owe(c, arrival)
	c.sum += int64(jitter)
	t.slots.mark((arrival-t.window.from)/t.interval, arrival)
}

// judged returns what an SLO bounds.
func (t *tally) judged() *Histogram {
	if t.shared {
		return t.lag
	}
	return t.jitter
}

// end notes that the client's connection has ended, or was refused. What
// happens after the window is no matter of the result, but of the storm.
func (t *tally) end(c *client, cause string) {
	if c.role == behaving && !t.closed {
		t.ended++
		if c.state == served {
			t.lost++
		}
	}
	switch {
	case t.join == t.storm:
		t.storm.causes[cause]++
		if c.role != stalled && c.state != served {
			t.storm.failed++
		}
	case !t.closed:
		t.causes[cause]++
	}
	delete(t.held, c)
	c.state = gone
}

// close counts the lines that each behaving client has not had when the window
// is over, and takes the clients' means. cut is the end of a window that ended
// early, and else the window's end.
func (t *tally) close(clients []client, cut int64) {
	t.closed = true
	t.window.to = min(t.window.to, cut)
	// What is due is that which has had half an interval to come.
	due := t.window.from + (t.window.to-t.window.from)/t.interval*t.interval
	for i := range clients {
		c := &clients[i]
		if c.role != behaving {
			continue
		}
		if c.last == 0 {
			t.failed++
			if c.state != gone {
				t.causes[noLine]++
			}
		}
		if t.shared {
			t.missing += t.between(c.shown, due+t.interval/2)
		} else {
			t.settle(c)
		}
		if c.lines > 0 {
			t.means = append(t.means, float64(c.sum)/float64(c.lines))
		}
	}
}

// merge adds what another worker has counted.
func (t *tally) merge(u *tally) {
	t.connect.merge(u.connect)
	t.storm.merge(u.storm)
	t.churn.merge(u.churn)
	t.ended += u.ended
	t.lost += u.lost
	t.failed += u.failed
	t.total += u.total

	t.lines += u.lines
	t.allLines += u.allLines
	t.missing += u.missing
	t.skipped += u.skipped
	t.repeated += u.repeated
	t.torn += u.torn
	t.stale += u.stale
	t.untimed += u.untimed
	t.gaps += u.gaps
	t.excess += u.excess
	t.lag.Merge(u.lag)
	t.jitter.Merge(u.jitter)
	t.means = append(t.means, u.means...)
	t.slots.merge(u.slots)

	t.behind = max(t.behind, u.behind)
	for cause, n := range u.causes {
		t.causes[cause] += n
	}
	t.clues.merge(u.clues)
}

// fairness is the worst mean over the median one.
func fairness(means []float64) float64 {
	if len(means) == 0 {
		return 0
	}
	slices.Sort(means)
	median := means[len(means)/2]
	if median <= 0 {
		return 1
	}
	return means[len(means)-1] / median
}
