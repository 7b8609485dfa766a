package load

import (
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"clock"
)

// A model is a server as its clients see it. Times are in seconds.
type model struct {
	ticker   clock.TickerKind
	interval float64       // 0 means 1
	ahead    float64       // its clock, of the fleet's
	lag      float64       // the most that a line comes late, each by its own
	stuck    [2]float64    // from when until when it does nothing
	layout   string        // "" means the default
	clients  int           // 0 means 20
	spread   float64       // of the clients' coming; 0 means an interval
	at       float64       // when they come
	every    time.Duration // what the fleet takes its interval to be; 0 means 1s
}

// measure returns what a fleet that knows the ticker, or none, has counted.
func (m model) measure(t *testing.T, known clock.TickerKind) (*fleet, *tally) {
	t.Helper()
	if m.interval == 0 {
		m.interval = 1
	}
	if m.clients == 0 {
		m.clients = 20
	}
	if m.spread == 0 {
		m.spread = m.interval
	}
	c, err := Config{
		Addr: "localhost:8000", Conns: m.clients, Duration: 10 * time.Second, Ticker: known, Interval: m.every,
		Face: clock.Face{Layout: m.layout, Zone: time.UTC},
	}.complete()
	if err != nil {
		t.Fatal(err)
	}
	f, all := &fleet{Config: c}, newTally(c)
	clients := make([]client, m.clients)
	half := int64(c.Interval / 2)
	opens := window{begin.UnixNano() + half, begin.UnixNano() + half + int64(c.Duration)}
	// First until the window, for the ticker to be known then, and then all.
	lines := m.lines(c.Face)
	for _, inWindow := range []bool{false, true} {
		if inWindow {
			f.tickerUnknown = known == ""
			if known == "" {
				f.Ticker = clock.Shared
				if seen := all.clues.ticker.winner(); seen != "" {
					f.Ticker = seen
				}
			}
			all.shared = f.Ticker == clock.Shared
			all.open(opens)
		}
		for i := range clients {
			for n, a := range lines[i] {
				arrival := begin.UnixNano() + int64(a.at*1e9)
				if n == 0 && !inWindow {
					all.call(&clients[i], arrival-1e6)
				}
				if (arrival >= opens.from) == inWindow {
					all.data(&clients[i], []byte(a.text), arrival)
				}
			}
		}
	}
	all.close(clients, opens.to)
	return f, all
}

// lines returns the lines of each client, until after the window.
func (m model) lines(face clock.Face) (list [][]arrival) {
	random := rand.New(rand.NewPCG(1, 2))
	says := func(at float64) string {
		return string(face.Append(nil, begin.Add(time.Duration((at+m.ahead)*1e9))))
	}
	for i := range m.clients {
		came := m.at - 5 + m.spread*float64(i)/float64(m.clients)
		lines := []arrival{{came, says(came)}}
		for n := 1; ; n++ {
			due := came + float64(n)*m.interval
			if m.ticker == clock.Shared {
				tick := m.interval * (float64(int((came+m.ahead+1000*m.interval)/m.interval)-1000+n) + 1e-7)
				due = tick - m.ahead
			}
			if due > 12 {
				break
			}
			if m.stuck[0] < due && due < m.stuck[1] {
				continue
			}
			lines = append(lines, arrival{due + m.lag*random.Float64(), says(due)})
		}
		list = append(list, lines)
	}
	return list
}

func TestTheTickerIsSeenFromTheLines(t *testing.T) {
	for _, tt := range []struct {
		name  string
		model model
		want  clock.TickerKind
	}{
		{"a shared ticker", model{ticker: clock.Shared, lag: 0.02}, clock.Shared},
		{"a ticker per connection", model{ticker: clock.PerConn, lag: 0.002}, clock.PerConn},
		{"lines that show more than the second", model{ticker: clock.PerConn, layout: time.StampMicro}, clock.PerConn},
		{"a shared ticker under load", model{ticker: clock.Shared, clients: 1000, lag: 0.3}, clock.Shared},
		{"a ticker per connection under load", model{ticker: clock.PerConn, clients: 1000, lag: 0.15}, clock.PerConn},
		{"a shared ticker that cannot keep up", model{ticker: clock.Shared, clients: 1000, lag: 1}, ""},
		{"a ticker per connection that cannot keep up", model{ticker: clock.PerConn, clients: 1000, lag: 1}, ""},
		{"a shared ticker by a clock that is half a second behind", model{ticker: clock.Shared, clients: 1000, ahead: -0.5, lag: 0.01}, ""},
		{"all come at once, to a shared ticker", model{ticker: clock.Shared, spread: 0.01, at: 0.4}, clock.Shared},
		{"all come at once, to one per connection", model{ticker: clock.PerConn, spread: 0.01, at: 0.1}, clock.PerConn},
		{"all come just when it ticks", model{ticker: clock.PerConn, spread: 0.01, at: 0.001}, ""},
		{"a client alone, and a shared ticker", model{ticker: clock.Shared, clients: 1, at: 0.7}, clock.Shared},
		{"a client alone, and one per connection", model{ticker: clock.PerConn, clients: 1, at: 0.7}, clock.PerConn},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, tally := tt.model.measure(t, clock.Shared)
			if got := tally.clues.ticker.winner(); got != tt.want {
				t.Errorf("the ticker is %q by the vote %+v, want %q", got, tally.clues.ticker, tt.want)
			}
		})
	}
}

func TestWhatTheServerIsNot(t *testing.T) {
	const shared, perConn, unknown = clock.Shared, clock.PerConn, clock.TickerKind("")
	for _, tt := range []struct {
		name  string
		model model
		known clock.TickerKind
		want  string // part of it; "" for nothing
	}{
		{"as it should be", model{ticker: shared, lag: 0.02}, shared, ""},
		{"as it should be, per connection", model{ticker: perConn, lag: 0.002}, perConn, ""},
		{"nothing said of a shared ticker", model{ticker: shared, lag: 0.02}, unknown, ""},
		{"nothing said of a ticker per connection", model{ticker: perConn, lag: 0.002}, unknown, ""},
		{"nothing said, and nothing to be seen", model{ticker: perConn, clients: 1000, lag: 1}, unknown, "give its -ticker"},
		{"another ticker than was said", model{ticker: perConn}, shared, "-ticker=per-conn"},
		{"another ticker than was said, the other way", model{ticker: shared}, perConn, "-ticker=shared"},
		{"another ticker, in lines that show more than the second", model{ticker: perConn, layout: time.StampMicro}, shared, "-ticker=per-conn"},

		{"every two seconds", model{ticker: shared, interval: 2}, shared, "come every 2s, and not every 1s"},
		{"every two seconds, per connection", model{ticker: perConn, interval: 2}, perConn, "come every 2s, and not every 1s"},
		{"twice a second", model{ticker: shared, interval: 0.5}, shared, "come every 500ms, and not every 1s"},
		{"twice a second, per connection", model{ticker: perConn, interval: 0.5, layout: time.StampMilli}, perConn, "come every 500ms, and not every 1s"},
		{"every second, and not every two", model{ticker: shared, every: 2 * time.Second}, shared, "come every 1s, and not every 2s"},
		{"every second, and nothing is right", model{ticker: perConn, every: 2 * time.Second}, unknown, "come every 1s, and not every 2s"},
		{"drift is no other interval", model{ticker: perConn, interval: 1.06}, perConn, ""},
		{"a pause is no other interval", model{ticker: shared, stuck: [2]float64{2, 7}}, shared, ""},
		{"nor are lines that are late", model{ticker: perConn, lag: 0.9}, perConn, ""},

		{"a clock that is ahead", model{ticker: shared, ahead: 0.25}, shared, "by up to 250ms: the server's clock is ahead"},
		{"a clock that is ahead, and nothing said", model{ticker: shared, ahead: 0.5, layout: time.StampMilli}, unknown, "the server's clock is ahead"},
		{"a clock that is behind", model{ticker: shared, ahead: -3}, shared, "the server's clock is behind by 2s or more"},
		{"a clock that is behind, in lines that show more than the second", model{ticker: shared, ahead: -0.25, layout: time.StampMicro}, shared, "the server's clock is behind by 249ms or more"},
		{"a ticker per connection needs no clock", model{ticker: perConn, ahead: -3}, perConn, ""},
		{"late lines are none of the clock", model{ticker: shared, lag: 0.6}, shared, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f, tally := tt.model.measure(t, tt.known)
			got := f.mismatch(tally)
			if !strings.Contains(got, tt.want) || tt.want == "" && got != "" {
				t.Errorf("the mismatch is %q, want %q", got, tt.want)
			}
			if f.tickerUnknown && tt.want == "" && f.Ticker != tt.model.ticker {
				t.Errorf("taken for %s", f.Ticker)
			}
		})
	}
}

func TestLayoutAndZoneOfTheFirstLine(t *testing.T) {
	tokyo := time.FixedZone("Asia/Tokyo", 9*3600)
	newYork := time.FixedZone("EST", -5*3600)
	for _, tt := range []struct {
		name, line string
		face       clock.Face
		want       []string // parts of the error; none if there is none
	}{
		{"right", "12:00:00", clock.Face{Zone: time.UTC}, nil},
		{"right, with a carriage return", "12:00:00\r", clock.Face{Zone: time.UTC}, nil},
		{"a clock that is wrong by minutes is in no other zone", "12:20:00", clock.Face{Zone: time.UTC}, nil},
		{"an hour that is nearly over", "Mon 11 2026-11-23", clock.Face{Layout: "Mon 15 2006-01-02", Zone: time.UTC}, nil},
		{"a minute that is nearly over, in another zone", "3:16AM", clock.Face{Layout: time.Kitchen, Zone: time.UTC}, []string{"-08:45", "-tz"}},
		{"a server ahead", "21:00:00", clock.Face{Zone: time.UTC}, []string{`"21:00:00"`, "+09:00", "zone UTC", "-tz"}},
		{"a server behind", "08:30:00", clock.Face{Zone: time.UTC}, []string{"-03:30", "-tz"}},
		{"a zone that is not the server's", "12:00:00", clock.Face{Zone: tokyo}, []string{"-09:00", "zone Asia/Tokyo", "-tz"}},
		{"a layout with a name", "Mon, 23 Nov 2026 12:00:00 UTC", clock.Face{Zone: time.UTC}, []string{"no clock of this layout", "-layout=RFC1123"}},
		{"a layout with a name, and a carriage return", "12:00PM\r", clock.Face{Zone: time.UTC}, []string{"-layout=Kitchen"}},
		{"a layout that shows another zone", "2026-11-23T21:00:00+09:00", clock.Face{Layout: time.RFC3339, Zone: newYork}, []string{"not of the zone EST", "-tz"}},
		{"no layout", "HTTP/1.1 400 Bad Request\r", clock.Face{Zone: time.UTC}, []string{"HTTP/1.1 400", "-layout"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c, err := Config{Addr: "localhost:8000", Conns: 1, Duration: time.Hour, Interval: time.Hour, Face: tt.face}.complete()
			if err != nil {
				t.Fatal(err)
			}
			err = c.checkLine([]byte(tt.line), begin.UnixNano()+1e8)
			if (err != nil) != (tt.want != nil) {
				t.Fatalf("error %v", err)
			}
			for _, want := range tt.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("error %q does not say %q", err, want)
				}
			}
		})
	}
}
