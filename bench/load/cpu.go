package load

import (
	"fmt"
	"time"
)

const (
	// MaxCPUShare is the share of its processors above which a fleet is
	// saturated: it may have kept the server waiting.
	MaxCPUShare = 0.8

	// maxThrottled is the share of the time for which control groups may keep a
	// fleet from its processors: an SLO is about one line in a hundred.
	maxThrottled = 0.01

	// maxWaiting and maxWaitingPortable are the shares of the time of its
	// processors for which threads of a fleet may wait until others have run.
	// Where the kernel stamps the lines only calls and reads come late; a
	// portable fleet takes its own waiting for the server's lag.
	maxWaiting         = 0.5
	maxWaitingPortable = 0.25
)

// A supply is what this process has had of the processors by some instant, or
// between two of them.
type supply struct {
	time      time.Duration // since the fleet was made; or between the two
	used      time.Duration // user and system time
	waited    time.Duration // that threads were ready to run and had no processor, added up over them
	throttled time.Duration // that control groups kept it from its processors, added up over these
}

func (s supply) minus(t supply) supply {
	// A thread that has ended takes its waiting with it.
	return supply{s.time - t.time, s.used - t.used, max(0, s.waited-t.waited), s.throttled - t.throttled}
}

// supply returns what the fleet has had of its processors so far.
func (f *fleet) supply() supply {
	return supply{time.Since(f.start), processorTime(), waitedTime(), f.groups.throttledTime()}
}

// hindrance says how the fleet was kept from its processors, if it was by more
// than is sound.
func (f *fleet) hindrance(s supply) string {
	most := maxWaiting
	if f.name != kernelStamps {
		most = maxWaitingPortable
	}
	mostWaited := time.Duration(most * float64(f.processors) * float64(s.time))
	switch {
	case s.throttled.Seconds() > maxThrottled*s.time.Seconds():
		return fmt.Sprintf("throttled: its control group lets it use %.3g processors, and kept it from them for %v of %v; give it more, or use fewer clients",
			f.groups.quota(), s.throttled.Round(time.Millisecond), s.time.Round(time.Millisecond))
	case s.waited > mostWaited:
		return fmt.Sprintf("starved: in %v its threads waited %v for processors that others had, at most %v is sound; leave it the processors",
			s.time.Round(time.Millisecond), s.waited.Round(time.Millisecond), mostWaited.Round(time.Millisecond))
	}
	return ""
}
