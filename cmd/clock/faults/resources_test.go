//go:build linux && faults

package faults

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"
)

// atMost finds the number of clients that a clock says it will serve.
var atMost = regexp.MustCompile(`ticker \S+, at most (\d+) clients`)

// mostClients returns the number of clients that a clock says it will serve.
func (p *process) mostClients(t *testing.T) int {
	t.Helper()
	most, err := strconv.Atoi(atMost.FindStringSubmatch(p.stderr.String())[1])
	if err != nil {
		t.Fatal(err)
	}
	return most
}

// TestMemoryLimit floods a server that has little memory with more clients than
// it has room for, and a quarter of them never read. It refuses those that are
// too many, rather than be killed.
func TestMemoryLimit(t *testing.T) {
	alone(t, func(t *testing.T, v variant) {
		const memory = "67108864"
		const tooMany = 500
		srv := newGroup(t, limit{"memory",
			map[string]string{"memory.limit_in_bytes": memory},
			map[string]string{"memory.max": memory},
		}).start(t, v, "-interval=50ms", "-layout="+longLayout)
		most := srv.mostClients(t)
		if most > 5000 {
			t.Fatalf("at most %d clients in %s bytes of memory", most, memory)
		}
		var readers []*client
		var watches []*watch
		for i := range most {
			if i%4 == 0 {
				srv.dialSmall(t)
				continue
			}
			c := srv.dial(t)
			c.layout = longLayout
			readers = append(readers, c)
			watches = append(watches, c.watch())
		}
		for range tooMany {
			if at, err := srv.dial(t).next(); err == nil {
				t.Fatalf("one client more than %d has a line, for %v", most, at)
			}
		}
		time.Sleep(5 * time.Second)
		t.Logf("at most %d clients; %d kB resident", most, srv.resident(t)>>10)
		for i, w := range watches {
			if n := len(w.seen(t, readers[i])); n < 2 {
				t.Errorf("client %d has seen %d lines", i, n)
			}
		}
	})
}

// TestCPULimit gives a server a twentieth of a processor, for a tenth of what
// its clients could be served with. They lose lines, and what they see is of
// now: the lag of a line stays what one round through the clients takes, when
// that of a server that caught up would grow by nearly a second each second.
func TestCPULimit(t *testing.T) {
	together(t, func(t *testing.T, v variant) {
		const (
			clients  = 500
			interval = 10 * time.Millisecond
			starved  = 8 * time.Second
			behind   = 3 * time.Second
		)
		srv := newGroup(t, limit{"cpu",
			map[string]string{"cpu.cfs_quota_us": "5000"}, // in a period of 100 ms
			map[string]string{"cpu.max": "5000 100000"},
		}).start(t, v, "-interval="+interval.String())
		all := make([]*client, clients)
		for i := range all {
			all[i] = srv.dial(t)
		}
		began := time.Now()
		var readers errgroup.Group
		lines, lags := make([]int, clients), make([]time.Duration, clients)
		for i, c := range all {
			readers.Go(func() error {
				for time.Since(began) < starved {
					at, err := c.next()
					if err != nil {
						return fmt.Errorf("client %d: %w", i, err)
					}
					lines[i]++
					if at.After(began) {
						lags[i] = max(lags[i], time.Since(at))
					}
				}
				return nil
			})
		}
		if err := readers.Wait(); err != nil {
			t.Error(err)
		}
		sum, due := 0, clients*int(starved/interval)
		for _, n := range lines {
			sum += n
		}
		t.Logf("%d lines of %d, %d to %d a client, at the most %v late", sum, due, slices.Min(lines), slices.Max(lines), slices.Max(lags))
		if sum > due/2 {
			t.Errorf("%d lines of %d: the processor was not limited", sum, due)
		}
		if late := slices.Max(lags); late > behind {
			t.Errorf("a line came %v late: lines were kept", late)
		}
	})
}
