package plan

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"clock"
)

// Data is what a plan is made from: measurements of servers on one machine,
// with one interval.
type Data struct {
	Interval time.Duration `json:"interval"`
	Cores    int           `json:"cores"` // that each server had
	Servers  []Server      `json:"servers"`
	LeftOut  int           `json:"left_out,omitempty"` // runs that nothing can be fitted to
}

// A Server is one that was measured.
type Server struct {
	Name   string           `json:"name"` // such as "gnet/shared"
	Ticker clock.TickerKind `json:"ticker"`
	Runs   []Run            `json:"runs"`
}

// A Run is one measurement. Memory is what the server had grown by, in bytes.
type Run struct {
	Clients      int     `json:"clients"`
	CPU          float64 `json:"cpu"` // server's processor time for a line to each client, in seconds
	UserMemory   float64 `json:"user_memory"`
	KernelMemory float64 `json:"kernel_memory"` // 0 if unknown
	Delays       []Delay `json:"delays"`
	ConnectRate  float64 `json:"connect_rate,omitempty"` // clients a second, all coming at once; 0 if unknown
}

// A Delay is a percentile of what an SLO bounds: of the lag with a shared
// ticker, and of the jitter with one per connection.
type Delay struct {
	Percentile float64 `json:"percentile"` // per cent
	Seconds    float64 `json:"seconds"`
}

// Only returns the data of the named servers alone.
func (d Data) Only(names []string) (Data, error) {
	for _, name := range names {
		if !slices.ContainsFunc(d.Servers, func(s Server) bool { return s.Name == name }) {
			return d, fmt.Errorf("%s is not in the data, which has %s: measure it with clockbench compare", name, d.names())
		}
	}
	d.Servers = slices.DeleteFunc(slices.Clone(d.Servers), func(s Server) bool { return !slices.Contains(names, s.Name) })
	return d, nil
}

func (d Data) names() string {
	var names []string
	for _, s := range d.Servers {
		names = append(names, s.Name)
	}
	if len(names) == 0 {
		return "no server"
	}
	return strings.Join(names, ", ")
}

// sizes are the numbers of clients that the server was measured with.
func (s Server) sizes() []int {
	sizes := make(map[int]bool)
	for _, r := range s.Runs {
		sizes[r.Clients] = true
	}
	return slices.Sorted(maps.Keys(sizes))
}

// column returns the clients of each run, and a value.
func (s Server) column(value func(Run) float64) (x, y []float64) {
	for _, r := range s.Runs {
		x, y = append(x, float64(r.Clients)), append(y, value(r))
	}
	return x, y
}

// delay returns a percentile of the run. It is never 0, for a histogram tells
// nothing shorter than a microsecond.
func (r Run) delay(percentile float64) (seconds float64, known bool) {
	i := slices.IndexFunc(r.Delays, func(d Delay) bool { return d.Percentile == percentile })
	if i < 0 {
		return 0, false
	}
	return max(r.Delays[i].Seconds, time.Microsecond.Seconds()), true
}
