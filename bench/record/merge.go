package record

import (
	"cmp"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
)

// Merge pools comparisons that were measured on the same machine, with the same
// build, interval, warm-up and duration. Each keeps its rounds, under new
// numbers, so that runs are compared within the round they were measured in.
// The plan of the result has every variant and cell, and all the rounds; its
// other fields are those of the first set.
//
// Sets of one comparison, such as a file and its copy, share their rounds, and
// a run of a cell in a round counts once.
func Merge(sets ...*Set) (*Set, error) {
	if len(sets) == 0 {
		return nil, errors.New("no files: give those that clockbench compare wrote")
	}
	merged := &Set{Header: sets[0].Header}
	merged.Plan.Variants, merged.Plan.Cells, merged.Plan.Rounds = nil, nil, 0
	var offsets []int // of the rounds of each set
	for i, s := range sets {
		differ := append(differences(timing(sets[0]), timing(s)), differences(sets[0].Env, s.Env)...)
		if len(differ) > 0 {
			return nil, fmt.Errorf("%s was not measured like %s (%s): report them apart", s.name(i), sets[0].name(0), strings.Join(differ, ", "))
		}
		offset := merged.Plan.Rounds
		if first := slices.IndexFunc(sets[:i], s.sameComparison); first >= 0 {
			offset = offsets[first]
		}
		offsets = append(offsets, offset)
		if err := merged.pool(s, offset); err != nil {
			return nil, fmt.Errorf("%s: %w", s.name(i), err)
		}
	}
	return merged, nil
}

// sameComparison reports whether two sets are of one comparison: no two begin at
// the same instant and with the same seed.
func (s *Set) sameComparison(other *Set) bool {
	return s.Time.Equal(other.Time) && s.Plan.Seed == other.Plan.Seed
}

// name is what errors call the set that is the i-th of several, from 0.
func (s *Set) name(i int) string { return cmp.Or(s.Path, fmt.Sprintf("file %d", i+1)) }

// timing is the part of a plan that two sets must share.
func timing(s *Set) Plan {
	return Plan{Interval: s.Plan.Interval, Warmup: s.Plan.Warmup, Duration: s.Plan.Duration}
}

// pool adds the rounds of another set, the first as round offset.
func (s *Set) pool(other *Set, offset int) error {
	for _, v := range other.Plan.Variants {
		i := slices.IndexFunc(s.Plan.Variants, func(have Variant) bool { return have.Name == v.Name })
		if i < 0 {
			s.Plan.Variants = append(s.Plan.Variants, v)
		} else if differ := differences(s.Plan.Variants[i], v); len(differ) > 0 {
			return fmt.Errorf("%s is another server than in the files before (%s): report them apart", v.Name, strings.Join(differ, ", "))
		}
	}
	for _, c := range other.Plan.Cells {
		if !slices.Contains(s.Plan.Cells, c) {
			s.Plan.Cells = append(s.Plan.Cells, c)
		}
	}
	have := make(map[place]bool)
	for _, r := range s.Runs {
		have[r.place()] = true
	}
	for _, r := range other.Runs {
		r.Round += offset
		if !have[r.place()] {
			s.Runs = append(s.Runs, r)
		}
		have[r.place()] = true
	}
	s.Plan.Rounds = max(s.Plan.Rounds, offset+other.Plan.Rounds)
	s.Truncated = s.Truncated || other.Truncated
	return nil
}

// A place is what a comparison measures once.
type place struct {
	cell  Cell
	round int
}

func (r Run) place() place { return place{r.Cell, r.Round} }

// differences names the fields in which two structs of one type differ, as
// JSON names them, with both values where they are short.
func differences[T any](a, b T) []string {
	var found []string
	va, vb := reflect.ValueOf(a), reflect.ValueOf(b)
	for i := range va.NumField() {
		x, y := va.Field(i).Interface(), vb.Field(i).Interface()
		if fmt.Sprint(x) == fmt.Sprint(y) { // an empty slice is the same as none
			continue
		}
		name, _, _ := strings.Cut(va.Type().Field(i).Tag.Get("json"), ",")
		switch x.(type) {
		case []Variant, []Cell:
			found = append(found, "other "+name)
		default:
			found = append(found, fmt.Sprintf("%s %v, not %v", name, x, y))
		}
	}
	return found
}
