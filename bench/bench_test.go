package bench

import (
	"flag"
	"fmt"
	"os"
	"testing"
	"time"

	"clock"
	"clock/bench/load"
	"clock/bench/record"
)

func TestMain(m *testing.M) {
	Role()
	strangers()
	// Tests wait for ticks most of the time: more of them run at once than
	// there are processors.
	flag.Parse()
	flag.Set("test.parallel", "16")
	os.Exit(m.Run())
}

// servers are the rows of the benchmarks.
var servers = []record.Variant{
	{Name: "floor", Engine: record.FloorName, Ticker: clock.Shared},
	{Name: "gnet/shared", Engine: "gnet", Ticker: clock.Shared},
	{Name: "gnet/per-conn", Engine: "gnet", Ticker: clock.PerConn},
	{Name: "goroutine/shared", Engine: "goroutine", Ticker: clock.Shared},
	{Name: "goroutine/per-conn", Engine: "goroutine", Ticker: clock.PerConn},
}

// minTicks is how many ticks a row counts at least.
const minTicks = 5

// BenchmarkTick measures servers under load. One op is one tick: a line to
// each client. Each row runs the server in a fresh process of its own, and
// counts at least five ticks, after a warm-up:
//
//	go test -bench Tick ./bench
//	go test -bench Tick -benchtime 60x -count 5 ./bench | tee results.txt
//	benchstat -col /engine results.txt
func BenchmarkTick(b *testing.B) {
	for _, conns := range []int{1000, 10000} {
		for _, v := range servers {
			b.Run(fmt.Sprintf("engine=%s/ticker=%s/conns=%d", v.Engine, v.Ticker, conns), func(b *testing.B) {
				run := measure(b, v, fleetSpec{Conns: conns, Duration: time.Duration(max(minTicks, b.N)) * time.Second})
				judged := run.Load.Judged()
				b.ReportMetric(1e9*run.CPUPerLine(), "cpu-ns/line")
				if v.Ticker == clock.Shared {
					b.ReportMetric(float64(judged.Percentile(50)), "p50-lag-ns")
					b.ReportMetric(float64(judged.Percentile(99)), "p99-lag-ns")
				}
				b.ReportMetric(float64(run.Load.Jitter.Percentile(99)), "p99-jitter-ns")
				b.ReportMetric(float64(run.Load.Span.Median), "span-ns")
				b.ReportMetric(run.UserMemory, "user-B/conn")
				b.ReportMetric(run.KernelMemory, "kernel-B/conn")
				b.ReportMetric(100*run.Load.Reach(), "reach-%")
				b.ReportMetric(0, "ns/op") // a tick takes as long as the interval
			})
		}
	}
}

// BenchmarkConnect measures a storm: all clients connect at once. One op is
// one storm.
func BenchmarkConnect(b *testing.B) {
	const conns = 10000
	for _, v := range servers {
		b.Run(fmt.Sprintf("engine=%s/ticker=%s/conns=%d", v.Engine, v.Ticker, conns), func(b *testing.B) {
			all := load.Connect{First: load.NewHistogram()}
			for range b.N {
				c := measure(b, v, fleetSpec{Conns: conns, AtOnce: true, Duration: time.Second}).Load.Connect
				all.Clients += c.Clients
				all.Took += c.Took
				all.First.Merge(c.First)
			}
			b.ReportMetric(all.Rate(), "conns/s")
			b.ReportMetric(float64(all.First.Percentile(50)), "p50-first-line-ns")
			b.ReportMetric(float64(all.First.Percentile(99)), "p99-first-line-ns")
			b.ReportMetric(0, "ns/op") // starting the server and warming up
		})
	}
}

// measure runs a trial, or skips the row if it does not fit this machine. A
// run that is inconclusive is tried once more.
func measure(b *testing.B, v record.Variant, f fleetSpec) record.Run {
	b.Helper()
	env, err := Environment()
	if err != nil {
		b.Skip(err)
	}
	if room := clock.FileLimit(); f.Conns > room {
		b.Skipf("%d clients need as many files in one process, and the limit leaves room for %d: raise it with ulimit -n", f.Conns, room)
	}
	f.Ticker, f.Interval, f.Warmup = v.Ticker, clock.DefaultInterval, 2*time.Second
	t := trial{variant: v, fleet: f, isolated: env.Namespace, serverCPU: env.ServerCPU, fleetCPU: env.FleetCPU}
	run, err := t.measure(b.Context())
	if err == nil && !run.Conclusive() {
		run, err = t.measure(b.Context())
	}
	if err != nil {
		b.Fatal(err)
	}
	for _, doubt := range run.Doubts() {
		b.Skip("inconclusive: ", doubt)
	}
	return run
}
