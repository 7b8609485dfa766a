package main

import (
	"errors"
	"flag"
	"fmt"
	"math"
	"net/netip"
	"regexp"
	"strconv"
	"strings"
	"time"

	"clock/bench/load"
	"clock/bench/slo"
)

// A value is a flag that parse reads.
type value[T any] struct {
	to    *T
	parse func(string) (T, error)
	text  string
}

func (v *value[T]) String() string { return v.text }

func (v *value[T]) Set(s string) error {
	x, err := v.parse(s)
	if err == nil {
		*v.to, v.text = x, s
	}
	return err
}

// define defines a flag of any type. Its default is what parse makes of text,
// or the value that it has if text is empty.
func define[T any](flags *flag.FlagSet, to *T, name, text string, parse func(string) (T, error), usage string) {
	v := &value[T]{to: to, parse: parse}
	if text != "" {
		if err := v.Set(text); err != nil {
			panic(fmt.Sprintf("-%s: %v", name, err)) // the default is ours
		}
	}
	flags.Var(v, name, usage)
}

// listOf returns the parser of a list with commas.
func listOf[T any](parse func(string) (T, error)) func(string) ([]T, error) {
	return func(s string) ([]T, error) {
		var list []T
		for part := range strings.SplitSeq(s, ",") {
			x, err := parse(strings.TrimSpace(part))
			if err != nil {
				return nil, err
			}
			list = append(list, x)
		}
		return list, nil
	}
}

var number = regexp.MustCompile(`^([0-9]+(?:\.[0-9]+)?)([kKM]?)$`)

// exponents are what the suffixes of a number stand for. As part of the number
// they are exact: 1.1e3 is 1100, and 1.1 times 1000 is not.
var exponents = map[string]string{"": "e0", "k": "e3", "K": "e3", "M": "e6"}

// parseNumber reads a number that is not negative, with k for a thousand and M
// for a million.
func parseNumber(s string) (float64, bool) {
	m := number.FindStringSubmatch(s)
	if m == nil {
		return 0, false
	}
	x, err := strconv.ParseFloat(m[1]+exponents[m[2]], 64)
	return x, err == nil
}

// parseCount reads a whole number from 1 to some two thousand million, such as
// 250, 10k or 1.5M.
func parseCount(s string) (int, error) {
	x, ok := parseNumber(s)
	if !ok || x != math.Trunc(x) || x < 1 || x > math.MaxInt32 {
		return 0, errors.New("give a whole number such as 250, 10k or 1.5M")
	}
	return int(x), nil
}

// parseShare reads a share of the clients, such as 1% or 0.01.
func parseShare(s string) (float64, error) {
	text, isPercent := strings.CutSuffix(s, "%")
	if m := number.FindStringSubmatch(text); m == nil || m[2] != "" {
		return 0, errors.New("give a share such as 1% or 0.01")
	}
	if isPercent {
		text += "e-2"
	}
	x, err := strconv.ParseFloat(text, 64)
	if err != nil || x >= 1 {
		return 0, errors.New("give a share below 100%, such as 1% or 0.01")
	}
	return x, nil
}

// parseRate reads how often something happens in a second, such as 100/s or 5k.
func parseRate(s string) (float64, error) {
	x, ok := parseNumber(strings.TrimSuffix(s, "/s"))
	if !ok || x > math.MaxInt32 {
		return 0, errors.New("give a number a second, such as 100/s or 5k")
	}
	return x, nil
}

// parseConnectRate also reads "all", for all at once.
func parseConnectRate(s string) (float64, error) {
	if s == "all" {
		return load.AtOnce, nil
	}
	x, err := parseRate(s)
	if err != nil || x == 0 {
		return 0, errors.New("give clients a second, such as 100/s or 5k, or all for all at once")
	}
	return x, nil
}

// parseHeadroom reads a share up to all.
func parseHeadroom(s string) (float64, error) {
	if s == "100%" || s == "1" {
		return 1, nil
	}
	x, err := parseShare(s)
	if err != nil || x == 0 {
		return 0, errors.New("give a share above 0 and up to 100%, such as 65%")
	}
	return x, nil
}

// parsePackets reads a rate that is more than none.
func parsePackets(s string) (float64, error) {
	x, err := parseRate(s)
	if err != nil || x == 0 {
		return 0, errors.New("give packets a second, such as 1M/s")
	}
	return x, nil
}

// byteUnits are those of memory, the longer ones first where one ends in
// another.
var byteUnits = []struct {
	name string
	size float64
}{{"KiB", 1 << 10}, {"MiB", 1 << 20}, {"GiB", 1 << 30}, {"TiB", 1 << 40}, {"kB", 1e3}, {"MB", 1e6}, {"GB", 1e9}, {"TB", 1e12}, {"B", 1}}

// parseBytes reads memory, such as 16GiB.
func parseBytes(s string) (float64, error) {
	for _, u := range byteUnits {
		text, found := strings.CutSuffix(s, u.name)
		if m := number.FindStringSubmatch(text); !found || m == nil || m[2] != "" {
			continue
		}
		x, err := strconv.ParseFloat(text, 64)
		if err == nil && x > 0 {
			return x * u.size, nil
		}
	}
	return 0, errors.New("give memory above 0 with its unit, such as 16GiB or 512MB")
}

// parseDuration reads a duration, and says so where its unit is missing.
func parseDuration(s string) (time.Duration, error) {
	d, err := time.ParseDuration(s)
	switch {
	case err != nil && number.MatchString(s):
		return 0, fmt.Errorf("the unit is missing: %sms or %ss?", s, s)
	case err != nil:
		return 0, errors.New("give a duration such as 500ms, 10s or 2m")
	}
	return d, nil
}

// parsePositive reads a duration that is longer than none, and no longer than
// those that can be reckoned with.
func parsePositive(s string) (time.Duration, error) {
	d, err := parseDuration(s)
	switch {
	case err != nil:
	case d <= 0:
		err = errors.New("give a duration greater than 0, such as 1s")
	case d > load.MaxTime:
		err = fmt.Errorf("too long: at most %v", load.MaxTime)
	}
	return d, err
}

// parseSLO reads bounds such as p99=50ms,max=1s.
func parseSLO(s string) (slo.SLO, error) { return slo.Parse(s, parsePositive) }

// parseSource reads an address to connect from.
func parseSource(s string) (netip.Addr, error) {
	addr, err := netip.ParseAddr(s)
	if err != nil {
		return addr, fmt.Errorf("%q is no IP address: give some such as 127.0.0.2,127.0.0.3", s)
	}
	return addr, nil
}
