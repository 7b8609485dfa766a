package plan

import (
	"fmt"
	"slices"
	"strings"

	"clock"
	"clock/bench/estimate"
)

// recommend says which servers to take, and why, in a sentence for each kind of
// ticker; those are not held against each other, since they promise different
// things.
func recommend(rows []Row) string {
	var sentences []string
	for _, k := range []struct {
		ticker clock.TickerKind
		intro  string
	}{
		{clock.Shared, "With a shared ticker"},
		{clock.PerConn, "With a ticker per connection"},
	} {
		var met []Row
		for _, r := range rows {
			if r.Ticker == k.ticker && r.Unmet == "" {
				met = append(met, r)
			}
		}
		if len(met) > 0 {
			sentences = append(sentences, k.intro+" "+choose(met)+".")
		}
	}
	return strings.Join(sentences, " ")
}

// choose takes the server with the fewest boxes. Of those that take as many, or
// do not differ measurably, it takes the one with the least memory for a client.
func choose(rows []Row) string {
	best := slices.MaxFunc(rows, func(a, b Row) int { return a.Capacity.Best - b.Capacity.Best })
	equal := func(r Row) bool { return r.Boxes == best.Boxes || r.Alike != "" }
	pick := best
	for _, r := range rows {
		if equal(r) && perClient(r).High < perClient(pick).Low {
			pick = r
		}
	}
	text := fmt.Sprintf("take %s: %d boxes of at most %s, where %s", pick.Server, pick.Boxes, plural(pick.Clients, "client"), binding(pick))
	if pick.Extrapolated {
		text += ", extrapolated"
	}
	for _, r := range rows {
		if r.Server == pick.Server {
			continue
		}
		text += fmt.Sprintf("; %s takes %s", r.Server, number(r, pick))
		switch {
		case !equal(r):
		case perClient(r).Low > perClient(pick).High:
			text += fmt.Sprintf(" and %.3g times the memory", perClient(r).Mean/perClient(pick).Mean)
		default:
			text += ", with no measurable difference in memory"
		}
	}
	return text
}

// perClient is the memory for a client.
func perClient(r Row) estimate.Value { return r.Memory.Times(1 / float64(r.Clients)) }

// number says how many boxes r takes, held against pick.
func number(r, pick Row) string {
	text := fmt.Sprint(r.Boxes)
	if r.Boxes == pick.Boxes {
		text = "as many"
	}
	if r.Alike != "" || pick.Alike == r.Server {
		text += " (no measurable difference in capacity)"
	}
	return text
}

// binding says what keeps a box from more clients.
func binding(r Row) string {
	switch r.Binds {
	case CPU:
		return "the processors bind"
	case SLO:
		return "the SLO binds"
	case Measured:
		return "what was measured ends, so it may hold more"
	}
	return r.Binds + " binds"
}
