package bench

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"clock"
	"clock/bench/load"
	"clock/bench/record"
)

func TestServersAreMeasuredFromOutside(t *testing.T) {
	t.Parallel()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range []record.Variant{
		{Name: "floor", Engine: record.FloorName, Ticker: clock.Shared},
		{Name: "gnet", Engine: "gnet", Ticker: clock.PerConn},
		{Name: "stranger", Command: self + " " + strange + " {addr}", Ticker: clock.PerConn},
	} {
		t.Run(v.Name, func(t *testing.T) {
			t.Parallel()
			run, err := trialOf(t, v, fleetSpec{Conns: 100, Duration: 2 * time.Second, Storm: true}).measure(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			// A line may move over the edge of the window, and does not come in time
			// where others take the processor.
			if n := run.Load.Lines; n < 180 || n > 220 || run.Conclusive() && run.Load.Reach() != 1 || run.Load.Storm.Clients != 100 {
				t.Errorf("%d lines, reach %v, %d came back", n, run.Load.Reach(), run.Load.Storm.Clients)
			}
			// A line takes some processor time, and not as much as there is.
			if cpu := run.CPUPerLine(); cpu <= 0 || cpu > 0.01 {
				t.Errorf("%v s of processor time for a line", cpu)
			}
			if run.Time.IsZero() || run.OtherCPU < 0 {
				t.Errorf("run %+v", run)
			}
		})
	}
}

// trialOf returns a trial of a server where the processes of Compare run.
func trialOf(t *testing.T, v record.Variant, f fleetSpec) trial {
	t.Helper()
	env, err := Environment()
	if err != nil {
		t.Fatal(err)
	}
	f.Ticker, f.Interval, f.Warmup = v.Ticker, time.Second, time.Second
	return trial{variant: v, fleet: f, isolated: env.Namespace, serverCPU: env.ServerCPU, fleetCPU: env.FleetCPU}
}

func TestServersThatCannotBeMeasured(t *testing.T) {
	t.Parallel()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct{ name, command, want string }{
		{"no such command", "/nowhere/clock {addr}", "not found"},
		{"a command that ends", "sh -c 'echo no clock today >&2' {addr}", "no clock today"},
		{"not a clock", self + " " + greeter + " {addr}", `"hello"`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			v := record.Variant{Name: "x", Command: tt.command, Ticker: clock.PerConn}
			_, err := trialOf(t, v, fleetSpec{Conns: 10, Duration: time.Second}).measure(t.Context())
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("error %v, want one that says %q", err, tt.want)
			}
		})
	}
}

// startRole starts this binary in a role until the end of the test.
func startRole(t *testing.T, role string, spec any) *process {
	t.Helper()
	type started struct {
		*process
		err error
	}
	ready, done := make(chan started), make(chan struct{})
	go inPlace(false, func() error {
		cmd, err := roleCommand(role, spec)
		if err != nil {
			ready <- started{err: err}
			return nil
		}
		_, cpus, err := processors()
		if err != nil {
			ready <- started{err: err}
			return nil
		}
		p, err := start(cmd, cpus, true)
		ready <- started{p, err}
		<-done // a process ends with the thread that has started it
		return nil
	})
	s := <-ready
	if s.err != nil {
		t.Fatal(s.err)
	}
	t.Cleanup(func() {
		s.kill()
		close(done)
	})
	return s.process
}

func startServer(t *testing.T, engine string, ticker clock.TickerKind) (*process, string) {
	t.Helper()
	addr, err := freeAddr()
	if err != nil {
		t.Fatal(err)
	}
	server := startRole(t, serverRole, serverSpec{Engine: engine, Ticker: ticker, Interval: time.Second, Addr: addr})
	if err := server.awaitListener(t.Context(), addr); err != nil {
		t.Fatal(err)
	}
	return server, addr
}

// TestStoppedServerShows: three seconds in which a server is stopped are three
// seconds of lag, or lines that are missing; never nothing.
func TestStoppedServerShows(t *testing.T) {
	t.Parallel()
	for _, engine := range []string{"goroutine", "gnet", record.FloorName} {
		for _, ticker := range []clock.TickerKind{clock.PerConn, clock.Shared} {
			if engine == record.FloorName && ticker == clock.PerConn {
				continue
			}
			t.Run(fmt.Sprintf("%s/%s", engine, ticker), func(t *testing.T) {
				t.Parallel()
				server, addr := startServer(t, engine, ticker)
				const conns = 200
				stopped := false
				r, err := load.Run(t.Context(), load.Config{
					Addr: addr, Conns: conns, Ticker: ticker, Face: clock.Face{Zone: time.UTC},
					Warmup: time.Second, Duration: 6 * time.Second,
					Watch: func(p load.Progress) {
						if p.Phase == load.Counting && !stopped {
							stopped = true
							unix.Kill(-int(server.group), unix.SIGSTOP)
							time.AfterFunc(3*time.Second, func() { unix.Kill(-int(server.group), unix.SIGCONT) })
						}
					},
				})
				if err != nil {
					t.Fatal(err)
				}
				// A line may come late instead of never: two or three are lost.
				if lost := float64(r.Missing) / conns; lost < 1.9 && r.Judged().Max() < 1900*time.Millisecond {
					t.Errorf("%.2f lines a client are missing, and the worst lag or jitter is %v", lost, r.Judged().Max())
				}
				for _, reason := range r.Inconclusive {
					if !strings.Contains(reason, "starved") { // by other tests
						t.Errorf("the fleet blames itself: %s", reason)
					}
				}
			})
		}
	}
}

// TestStoppedFleetIsInconclusive: what a fleet has missed is not the server's.
func TestStoppedFleetIsInconclusive(t *testing.T) {
	t.Parallel()
	_, addr := startServer(t, "gnet", clock.Shared)
	fleet := startRole(t, fleetRole, fleetSpec{
		Addr: addr, Conns: 200, Ticker: clock.Shared, Interval: time.Second, Warmup: time.Second, Duration: 4 * time.Second,
	})
	for report, err := range reports(fleet.stdout) {
		if err != nil {
			t.Fatal(err)
		}
		switch {
		case report.Error != "":
			t.Fatal(report.Error)
		case report.Result != nil:
			if got := strings.Join(report.Result.Inconclusive, "; "); !strings.Contains(got, "fell behind") {
				t.Errorf("a fleet that was stopped is judged %q", got)
			}
			return
		case report.Progress.Phase == load.Counting && report.Progress.Reach == 0:
			unix.Kill(-int(fleet.group), unix.SIGSTOP)
			time.AfterFunc(1500*time.Millisecond, func() { unix.Kill(-int(fleet.group), unix.SIGCONT) })
		}
	}
	t.Error("the fleet has ended without a result")
}

func TestMeasurementEndsWithItsContext(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	began := time.Now()
	trial := trialOf(t, record.Variant{Name: "floor", Engine: record.FloorName, Ticker: clock.Shared}, fleetSpec{Conns: 10, Duration: time.Hour})
	trial.watch = func(p load.Progress) {
		if p.Phase == load.WarmingUp {
			cancel()
		}
	}
	_, err := trial.measure(ctx)
	if err != context.Canceled || time.Since(began) > time.Minute {
		t.Errorf("error %v after %v", err, time.Since(began))
	}
}

func TestTailKeepsTheLastWords(t *testing.T) {
	var words tail
	w := bufio.NewWriter(&words)
	for i := range 10000 {
		fmt.Fprintf(w, "line %d\n", i)
	}
	w.WriteString("the end \n\n")
	w.Flush()
	if got := words.last(); got != "the end" || len(words.text) > maxTail {
		t.Errorf("last words %q, %d bytes kept", got, len(words.text))
	}
}

// In a container the kernel may show fewer processors than there are.
func TestNoiseIsUnknownWhereTheKernelDoesNotShowTheProcessors(t *testing.T) {
	hidden := []int{1 << 20}
	server, _ := startServer(t, "gnet", clock.Shared)
	m := meter{server: server.group, serverCPU: hidden, fleetCPU: hidden}
	before, err := m.processors()
	if err != nil {
		t.Fatal(err)
	}
	if used := before.minus(processorUse{}); !used.unknown || used.others() != 0 {
		t.Errorf("%+v, of which others took %v", used, used.others())
	}
}

// TestTheEnvironmentIsThatOfTheServer: a new network namespace does not have the
// settings of the one around it.
func TestTheEnvironmentIsThatOfTheServer(t *testing.T) {
	env, err := Environment()
	if err != nil {
		t.Fatal(err)
	}
	err = inPlace(env.Namespace, func() error {
		if backlog := sysctl("net/core/somaxconn"); fmt.Sprint(env.Backlog) != backlog || env.Backlog == 0 {
			t.Errorf("an accept queue of %d, and %s where the server is", env.Backlog, backlog)
		}
		if congestion := sysctl("net/ipv4/tcp_congestion_control"); env.Congest != congestion {
			t.Errorf("congestion control %s, and %s where the server is", env.Congest, congestion)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
