// Package record is the raw data of a comparison: a file of JSON lines, which
// the runner of package bench appends to, one line for each measurement, and
// which reports and plans are made from.
//
// The first line is a [Header]: the plan, and the machine. Each further line is
// a [Run]. A file that was cut off in the middle of a line is good up to the
// line before.
//
// [ReadFile] reads such a file, [Open] begins one or goes on with one, and
// [Merge] pools several that were measured alike.
//
// A file of another kind has searches for a capacity, a [Search] a line.
// [ReadSearches] reads it.
package record

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"clock"
	"clock/bench/load"
)

// Version is the version of the format. A reader takes no other.
const Version = 1

// FloorName is the name of the variant that the others are held against.
const FloorName = "floor"

// A Variant is a server as it is measured.
type Variant struct {
	Name   string           `json:"name"` // unique in a plan, such as "gnet/shared"
	Engine string           `json:"engine,omitempty"`
	Ticker clock.TickerKind `json:"ticker"`
	// Command starts a server that is not ours; {addr} stands for its address.
	Command string `json:"command,omitempty"`
	// Control is the variant that this one repeats: the same server measured
	// twice must show no difference. "" but for controls.
	Control string `json:"control,omitempty"`
}

// A Cell is what one run measures: a variant under a load.
type Cell struct {
	Variant string  `json:"variant"`
	Conns   int     `json:"conns"`
	Stalled float64 `json:"stalled,omitempty"` // share of the clients that never read
}

// String returns the cell as progress and errors show it.
func (c Cell) String() string {
	s := fmt.Sprintf("%s with %d clients", c.Variant, c.Conns)
	if c.Stalled > 0 {
		s += fmt.Sprintf(", %g%% stalled", 100*c.Stalled)
	}
	return s
}

// A Plan is a comparison: each cell is measured once in each round, in an order
// that is random and follows from Seed.
type Plan struct {
	Variants []Variant     `json:"variants"`
	Cells    []Cell        `json:"cells"`
	Rounds   int           `json:"rounds"`
	Interval time.Duration `json:"interval"`
	Warmup   time.Duration `json:"warmup"`
	Duration time.Duration `json:"duration"`
	Seed     uint64        `json:"seed"`
}

// An Environment is where and with what a comparison was measured.
type Environment struct {
	CPU       string `json:"cpu"`    // model name
	CPUs      int    `json:"cpus"`   // that the runner may use
	Memory    int64  `json:"memory"` // bytes
	Kernel    string `json:"kernel"` // release
	OS        string `json:"os"`
	Arch      string `json:"arch"`
	Go        string `json:"go"`        // version
	Build     string `json:"build"`     // commit, or version, of this module; "", and "(devel)" in old files, if not known
	Files     uint64 `json:"files"`     // limit on open files per process
	Congest   string `json:"congest"`   // TCP congestion control
	Namespace bool   `json:"namespace"` // whether each run has a network namespace of its own
	// Backlog is the most connections that may wait to be accepted, where the
	// runs are made (net.core.somaxconn); 0 means that it is not known.
	Backlog   int   `json:"backlog,omitempty"`
	ServerCPU []int `json:"server_cpu,omitempty"` // the processors the server is pinned to
	FleetCPU  []int `json:"fleet_cpu,omitempty"`
	// OthersUnknown says that the kernel does not tell how busy these processors
	// are, so that nobody knows what others took.
	OthersUnknown bool `json:"others_unknown,omitempty"`
}

// Modified ends a build that had changes which are in no commit.
const Modified = ", modified"

// Untraceable says why the figures cannot be traced to a commit; "" if they can.
func (e Environment) Untraceable() string {
	switch {
	case e.Build == "" || e.Build == "(devel)" || e.Build == "unknown":
		return "the build has no commit"
	case strings.HasSuffix(e.Build, Modified) || strings.HasSuffix(e.Build, " and changes"):
		return "the build had changes that are in no commit"
	}
	return ""
}

// A Header is the first line of a file.
type Header struct {
	Version int         `json:"clockbench"`
	Time    time.Time   `json:"time"`
	Plan    Plan        `json:"plan"`
	Env     Environment `json:"env"`
}

// A Run is one measurement.
type Run struct {
	Round int `json:"round"` // from 0
	Cell
	Time time.Time `json:"time"`

	Load *load.Result `json:"load"`

	ServerCPU    time.Duration `json:"server_cpu"`    // user and system time within the window
	UserMemory   float64       `json:"user_memory"`   // bytes per client: growth of the server's RSS
	KernelMemory float64       `json:"kernel_memory"` // bytes per client: growth of slab and socket buffers, halved

	// OtherCPU is the processor time that others took within the window, from
	// the processors in use, over the window's length: noise. It is 0 where
	// Environment.OthersUnknown says that it is not known. Disturbed marks a run
	// in which it was over MaxOtherCPU.
	OtherCPU   float64    `json:"other_cpu"`
	Disturbed  bool       `json:"disturbed,omitempty"`
	LoadBefore [3]float64 `json:"load_before"` // load averages over 1, 5, 15 minutes
	LoadAfter  [3]float64 `json:"load_after"`
}

// CPUPerLine returns the server's processor time for one line, in seconds.
func (r Run) CPUPerLine() float64 {
	return r.ServerCPU.Seconds() / float64(r.Load.AllLines)
}

// MaxOtherCPU is how much processor time others may take from the server and
// the fleet, in parts of the window's length: with more, what a client sees may
// be their doing.
const MaxOtherCPU = 0.05

// Conclusive reports whether the run says anything about the server. It does
// not if the fleet could not keep up, or was stopped, or if others disturbed it.
func (r Run) Conclusive() bool { return len(r.Doubts()) == 0 }

// Doubts says why the run is not conclusive.
func (r Run) Doubts() []string {
	doubts := slices.Clone(r.Load.Inconclusive)
	if r.disturbed() {
		doubts = append(doubts, fmt.Sprintf("other processes took %.0f%% of a processor", 100*r.OtherCPU))
	}
	return doubts
}

// disturbed reports whether others disturbed the run. Older versions did not
// mark it.
func (r Run) disturbed() bool { return r.Disturbed || r.OtherCPU > MaxOtherCPU }

// Disturbed returns how many of the runs others disturbed.
func Disturbed(runs []Run) (n int) {
	for _, r := range runs {
		if r.disturbed() {
			n++
		}
	}
	return n
}

// A Set is a comparison as it was read.
type Set struct {
	Header
	Path      string // of the file, if it was read from one
	Runs      []Run  // in the order they were measured in
	Truncated bool   // whether a last line was cut off, and left out
}

// Select returns the runs of a cell, the inconclusive ones too, in the order
// of their rounds.
func (s *Set) Select(c Cell) []Run {
	var runs []Run
	for _, r := range s.Runs {
		if r.Cell == c {
			runs = append(runs, r)
		}
	}
	slices.SortStableFunc(runs, func(a, b Run) int { return cmp.Compare(a.Round, b.Round) })
	return runs
}

// check returns an error if the run is none of this set's plan.
func (s *Set) check(r Run) error {
	switch {
	case r.Load == nil:
		return fmt.Errorf("a run of %v without a load result", r.Cell)
	case !slices.Contains(s.Plan.Cells, r.Cell):
		return fmt.Errorf("a run of %v, which the plan does not have", r.Cell)
	case r.Round < 0 || r.Round >= s.Plan.Rounds:
		return fmt.Errorf("a run of round %d, and the plan has rounds 0 to %d", r.Round, s.Plan.Rounds-1)
	}
	return nil
}
