package answer_test

import (
	"encoding/json"
	"math"
	"reflect"
	"strings"
	"testing"
	"time"

	"clock"
	"clock/bench/explorer/answer"
	"clock/bench/plan"
	"clock/bench/slo"
)

// source is of two servers that were measured on one core, without any scatter:
// a line takes 10 µs of a core and 6,000 bytes, and the first server's lines
// come in a burst.
func source(files ...string) answer.Source {
	d := plan.Data{Interval: time.Second, Cores: 1}
	for _, s := range []struct {
		name   string
		ticker clock.TickerKind
	}{{"gnet/shared", clock.Shared}, {"gnet/per-conn", clock.PerConn}} {
		server := plan.Server{Name: s.name, Ticker: s.ticker}
		for _, clients := range []int{1000, 5000, 10_000, 20_000} {
			n := float64(clients)
			delay := 10e-6 * n
			if s.ticker == clock.PerConn {
				delay = 1e-6 * n
			}
			server.Runs = append(server.Runs, plan.Run{
				Clients: clients, CPU: 10e-6 * n, UserMemory: 1000 * n, KernelMemory: 5000 * n, ConnectRate: 20_000,
				Delays: []plan.Delay{{Percentile: 99, Seconds: 0.99 * delay}, {Percentile: 100, Seconds: delay}},
			})
		}
		d.Servers = append(d.Servers, server)
	}
	return answer.Source{Files: files, Data: d}
}

// target is one of 100,000 clients, which both servers can meet.
func target() plan.Target {
	return plan.Target{
		Clients:  100_000,
		Interval: time.Second,
		SLO:      slo.SLO{{Percentile: 99, Limit: 100 * time.Millisecond}},
		Headroom: 0.5,
		Box:      plan.Box{Cores: 1, Memory: 16 << 30, Files: plan.DefaultFiles},
	}
}

// ask answers the target, changed.
func ask(t *testing.T, change func(*plan.Target), files ...string) answer.Answer {
	t.Helper()
	e, err := answer.New(source(files...))
	if err != nil {
		t.Fatal(err)
	}
	to := target()
	change(&to)
	question, err := json.Marshal(to)
	if err != nil {
		t.Fatal(err)
	}
	return e.Ask(question)
}

func TestAnAnswerIsThePlan(t *testing.T) {
	models, err := plan.Fit(source().Data)
	if err != nil {
		t.Fatal(err)
	}
	p, err := plan.Make(models, target())
	if err != nil {
		t.Fatal(err)
	}
	a := ask(t, func(*plan.Target) {})
	var rows [][]string
	for _, row := range p.Table() {
		rows = append(rows, row[:])
	}
	if !reflect.DeepEqual(a.Rows, rows) || len(a.Columns) != len(rows[0]) || a.Heading != p.Heading() ||
		a.Recommendation != p.Recommendation || !reflect.DeepEqual(a.Assumptions, p.Assumptions) || a.Error+a.Unmet != "" {
		t.Errorf("the answer is %+v, and the plan %+v", a, p)
	}
}

func TestTheCommandIsOfTheTarget(t *testing.T) {
	const start, end = "clockbench plan -clients=100000 -interval=1s -slo=p99=100ms -cores=1 -mem=16GiB -headroom=0.5", " a.jsonl"
	tests := []struct {
		change func(*plan.Target)
		files  []string
		want   string
	}{
		{func(*plan.Target) {}, []string{"a.jsonl"}, start + end},
		{func(t *plan.Target) {
			t.Box.Files, t.Box.TCPMemory, t.Box.Proxies, t.Box.Packets, t.Extrapolate = 1000, 512<<20, 2, 1.5e6, true
		}, []string{"a.jsonl"}, start + " -files=1000 -tcp-mem=0.5GiB -proxies=2 -nic=1500000/s -extrapolate" + end},
		{func(t *plan.Target) { t.SLO = append(t.SLO, slo.Bound{Percentile: 100, Limit: time.Second}) }, []string{"a.jsonl"},
			strings.Replace(start, "100ms", "100ms,max=1s", 1) + end},
		{func(*plan.Target) {}, []string{"dir/a-1_2.jsonl", "my data.jsonl", "it's;ls"}, start + ` dir/a-1_2.jsonl 'my data.jsonl' 'it'\''s;ls'`},
		{func(*plan.Target) {}, []string{"-x.jsonl", "-my data", "a/-b", "--"}, start + ` ./-x.jsonl './-my data' a/-b ./--`},
	}
	for _, tt := range tests {
		if got := ask(t, tt.change, tt.files...).Command; got != tt.want {
			t.Errorf("the command is\n%s\nwant\n%s", got, tt.want)
		}
	}
}

func TestChartsShowThePlan(t *testing.T) {
	a := ask(t, func(*plan.Target) {})
	if len(a.Charts) != 3 {
		t.Fatalf("%d charts, want 3", len(a.Charts))
	}
	checkCharts(t, a)
	capacity, memory, cores := a.Charts[0], a.Charts[1], a.Charts[2]
	for _, tt := range []struct {
		axis  []answer.Tick
		texts string
	}{
		{capacity.Along, "1ms 10ms 100ms 1s"}, {capacity.Up, "0 5k 10k 15k 20k"},
		{memory.Along, "0 5k 10k 15k 20k"}, {memory.Up, "0 0.05 0.1 0.15"},
		{cores.Up, "0 0.05 0.1 0.15 0.2"},
	} {
		var texts []string
		for _, tick := range tt.axis {
			texts = append(texts, tick.Text)
		}
		if got := strings.Join(texts, " "); got != tt.texts {
			t.Errorf("the ticks are %q, want %q", got, tt.texts)
		}
	}
	// 10,101 clients meet 100 ms with the burst, and it is filled by half; the other
	// holds the 20,000 that were measured. Their sizes are here.
	near(t, "place of the SLO", *capacity.Here, 2.0/3)
	for i, want := range []struct{ capacity, clients float64 }{{10_101, 5000}, {20_000, 10_000}} {
		near(t, "capacity", capacity.Lines[i].Mark[1], want.capacity/20_000)
		near(t, "clients", memory.Lines[i].Mark[0], want.clients/20_000)
		near(t, "memory", memory.Lines[i].Mark[1], 6000*want.clients/(0.15*(1<<30)))
		near(t, "cores", cores.Lines[i].Mark[1], 10e-6*want.clients/0.2)
		points := memory.Lines[i].Points
		near(t, "end of the line", points[len(points)-1][0], want.capacity/20_000)
	}
}

// near allows for capacities that are whole clients.
func near(t *testing.T, what string, got, want float64) {
	t.Helper()
	if math.Abs(got-want) > 0.002 {
		t.Errorf("%s is at %g, want %g", what, got, want)
	}
}

// checkCharts fails unless all that is drawn is on the charts.
func checkCharts(t *testing.T, a answer.Answer) {
	t.Helper()
	on := func(x float64) bool { return x >= -1e-9 && x <= 1+1e-9 }
	for _, c := range a.Charts {
		for _, ticks := range [][]answer.Tick{c.Along, c.Up} {
			for i, tick := range ticks {
				if !on(tick.At) || i > 0 && tick.At <= ticks[i-1].At {
					t.Errorf("%s: the ticks are %v", c.Title, ticks)
				}
			}
			if len(ticks) < 2 {
				t.Errorf("%s: the ticks are %v", c.Title, ticks)
			}
		}
		for _, l := range c.Lines {
			for i, p := range append(l.Points, l.Mark) {
				if !on(p[0]) || !on(p[1]) {
					t.Errorf("%s: point %d of %s is %v", c.Title, i, l.Server, p)
				}
			}
		}
		if len(c.Lines) == 0 || c.Title == "" || c.Of == "" || c.By == "" {
			t.Errorf("a chart is %+v", c)
		}
	}
}

func TestChartsReachWhatIsAskedFor(t *testing.T) {
	for name, change := range map[string]func(*plan.Target){
		"a tight SLO":        func(t *plan.Target) { t.SLO[0].Limit = 200 * time.Microsecond },
		"a loose SLO":        func(t *plan.Target) { t.SLO[0].Limit = time.Hour },
		"an SLO without end": func(t *plan.Target) { t.SLO[0].Limit = math.MaxInt64 },
		"a box without end": func(t *plan.Target) {
			t.Box.Cores, t.Box.Memory, t.Box.Files, t.Extrapolate = 1<<20, 1e18, math.MaxInt32, true
		},
		"a box for one client": func(t *plan.Target) { t.Box.Files, t.Headroom = 65, 1 },
	} {
		t.Run(name, func(t *testing.T) {
			a := ask(t, change)
			if checkCharts(t, a); len(a.Charts) != 3 || a.Error != "" {
				t.Errorf("the answer is %+v, want one with 3 charts", a)
			}
		})
	}
}

func TestWhatCannotBeIsNotDrawn(t *testing.T) {
	a := ask(t, func(t *plan.Target) { t.Interval = 2 * time.Second }) // not measured for a ticker per connection
	if len(a.Charts) != 3 || len(a.Charts[1].Lines) != 1 || a.Unmet != "" {
		t.Errorf("the answer is %+v, want charts of one server's memory", a)
	}
	a = ask(t, func(t *plan.Target) { t.SLO[0].Limit = time.Nanosecond })
	if len(a.Charts) != 0 || len(a.Rows) != 2 || !strings.HasPrefix(a.Unmet, "no server can meet the target: gnet/shared: p99 of the lag comes to ") {
		t.Errorf("the answer is %+v, want a table and no charts", a)
	}
}

func TestQuestionsThatMakeNoSense(t *testing.T) {
	e, err := answer.New(source())
	if err != nil {
		t.Fatal(err)
	}
	for question, want := range map[string]string{
		`{"clients":null,"interval":1000000000}`: "0 clients: there must be one",
		`{"clients":1.5}`:                        "clients: 1.5 is not a whole number",
		`{"box":{"cores":1e30}}`:                 "box.cores: 1e30 is not a whole number",
		`{"clients":"many"}`:                     "clients: string is not a whole number",
		`{`:                                      "unexpected end",
		`{"clients":1,"interval":1000000000,"headroom":1,"slo":[{"percentile":90,"limit":1}],"box":{"cores":1,"memory":1,"files":1}}`: "p90 was not measured",
	} {
		if a := e.Ask([]byte(question)); !strings.Contains(a.Error, want) || a.Rows != nil {
			t.Errorf("%s: the answer is %+v, want an error with %q", question, a, want)
		}
	}
}

func TestDataThatNothingFits(t *testing.T) {
	if _, err := answer.New(answer.Source{}); err == nil {
		t.Error("an explorer without data")
	}
}

// FuzzAsk asks anything: there is an answer, and it can be written as JSON.
func FuzzAsk(f *testing.F) {
	e, err := answer.New(source())
	if err != nil {
		f.Fatal(err)
	}
	question, err := json.Marshal(target())
	if err != nil {
		f.Fatal(err)
	}
	f.Add(question)
	f.Add([]byte(`{"clients":-5}`))
	f.Fuzz(func(t *testing.T, question []byte) {
		a := e.Ask(question)
		if (a.Error == "") != (len(a.Rows) > 0) {
			t.Errorf("the answer is %+v", a)
		}
		if _, err := json.Marshal(a); err != nil {
			t.Error(err)
		}
	})
}
