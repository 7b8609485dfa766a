package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"clock/bench/estimate"
	"clock/bench/load"
	"clock/bench/record"
)

// missing says what the data lacks for a whole report.
func (d *data) missing() []string {
	var lacks []string
	for _, s := range d.comparisons() {
		if s.Set.Truncated {
			lacks = append(lacks, fmt.Sprintf("The last line of %s was cut off, and is left out.", s.Path))
		}
		if n := s.unmeasured(); n > 0 {
			lacks = append(lacks, fmt.Sprintf("Of the runs planned in %s, %d were not measured.", s.Path, n))
		}
	}
	if why := d.untraceable(); why != "" {
		lacks = append(lacks, fmt.Sprintf("Nobody can tell what these figures are of: %s.", why))
	}
	for _, c := range d.plan.Cells {
		if len(d.runs[c]) == 0 {
			lacks = append(lacks, fmt.Sprintf("There is no conclusive run of %s.", showCell(c)))
		}
	}
	if d.rounds() == 1 {
		lacks = append(lacks, "There is one round only, so there are no intervals, and no difference can be claimed.")
	}
	if len(d.where(isFloor)) == 0 {
		lacks = append(lacks, "The floor was not measured, so nothing is held against the kernel alone.")
	}
	if len(d.where(func(v record.Variant) bool { return v.Control != "" })) == 0 {
		lacks = append(lacks, "No server was measured twice, so there is no control.")
	}
	if !slices.ContainsFunc(d.conclusive(), func(r record.Run) bool { return r.Load.Storm != nil }) {
		lacks = append(lacks, "No connect storm was measured.")
	}
	if len(d.searched) == 0 {
		lacks = append(lacks, "No capacity was searched for.")
	}
	if len(d.stalledCells()) == 0 {
		lacks = append(lacks, "No load with stalled readers was measured.")
	}
	return lacks
}

// untraceable says why some of the figures cannot be traced to a commit; "" if
// all of them can.
func (d *data) untraceable() string {
	why := d.env.Untraceable()
	for _, source := range d.sources {
		for _, s := range source.Searches {
			why = cmp.Or(why, s.Env.Untraceable())
		}
	}
	return why
}

// comparisons are the sources with a comparison.
func (d *data) comparisons() []Source {
	return slices.DeleteFunc(slices.Clone(d.sources), func(s Source) bool { return s.Set == nil })
}

// unmeasured is the number of planned runs that the file lacks.
func (s Source) unmeasured() int {
	type place struct {
		record.Cell
		round int
	}
	done := map[place]bool{}
	for _, r := range s.Set.Runs {
		done[place{r.Cell, r.Round}] = true
	}
	return len(s.Set.Plan.Cells)*s.Set.Plan.Rounds - len(done)
}

// rounds is the number of rounds with a conclusive run.
func (d *data) rounds() int {
	found := map[int]bool{}
	for _, r := range d.conclusive() {
		found[r.Round] = true
	}
	return len(found)
}

// conclusive returns all conclusive runs.
func (d *data) conclusive() []record.Run {
	var runs []record.Run
	for _, c := range d.plan.Cells {
		runs = append(runs, d.runs[c]...)
	}
	return runs
}

// limits say how far the figures reach.
func (d *data) limits() []string {
	var (
		share, loadAverage float64
		behind             time.Duration
		others             []float64
		portable, kernel   bool
		runs               = d.conclusive()
	)
	for _, r := range runs {
		share = max(share, r.Load.CPUShare)
		behind = max(behind, r.Load.Behind)
		loadAverage = max(loadAverage, r.LoadBefore[0])
		others = append(others, r.OtherCPU)
		portable = portable || r.Load.Fleet == "portable"
		kernel = kernel || r.KernelMemory != 0
	}
	points := []string{
		"One machine, and loopback: no network card, no distance, no lost packet.",
	}
	if len(d.sizes) > 0 {
		points = append(points, fmt.Sprintf("Nothing was measured beyond %s. Processor time and memory per client extrapolate well; tail latency does not.", plural(d.headline(), "client")))
	}
	if kernel {
		points = append(points, "Kernel memory is half of what the kernel's memory grew by, because both ends of a connection live in one kernel here.")
	}
	if portable {
		points = append(points, "Some clients had no timestamps from the kernel: their lines arrive when they are read, later than they came.")
	}
	if len(runs) > 0 {
		points = append(points,
			fmt.Sprintf("The clients used at most %s of their processors (above %s a run is inconclusive), and left lines unread for at most %s.",
				showPercent(share), showPercent(load.MaxCPUShare), showTime(behind.Seconds())),
			d.noise(others)+fmt.Sprintf("; the load average before a run was at most %s.", fixed(loadAverage, 2)))
	}
	if len(d.left) == 0 {
		return append(points, fmt.Sprintf("None of %s was inconclusive, or disturbed by other processes.", plural(len(runs), "run")))
	}
	s := fmt.Sprintf("%s of %s: inconclusive, and left out of every figure", integer(len(d.left)), plural(len(d.left)+len(runs), "run"))
	if n := record.Disturbed(d.left); n > 0 {
		s += fmt.Sprintf("; %s of them because other processes took more than %s of a processor", integer(n), showPercent(record.MaxOtherCPU))
	}
	return append(points, s+".")
}

// noise says what other processes took in the runs that count.
func (d *data) noise(others []float64) string {
	if d.env.OthersUnknown {
		return "Noise: what other processes took is not known, for the kernel does not show all the processors that were used"
	}
	return fmt.Sprintf("Noise: other processes took %s of a processor in the median run and %s in the worst", showPercent(estimate.Median(others)), showPercent(slices.Max(others)))
}

// inconclusiveRuns lists the cells that have inconclusive runs, with the
// reasons.
func (d *data) inconclusiveRuns() *table {
	t := newTable(2, "inconclusive", "why", "runs")
	t.text = 2
	for _, c := range d.plan.Cells {
		runs := 0
		why := ""
		for _, r := range d.left {
			if r.Cell == c {
				runs++
				why = strings.Join(r.Doubts(), "; ")
			}
		}
		if runs > 0 {
			t.add(showCell(c), why, integer(runs))
		}
	}
	return t
}
