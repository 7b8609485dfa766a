// Package load is the fleet: thousands of clients of a clock server in one
// process, and what they saw.
//
// [Run] connects the clients, lets them warm up, counts for a while and
// returns a [Result]. The words are those of the clock protocol's field: a
// line is late by its lag, measured from the tick that the line names and
// never from when the server wrote it, so that a server that is late cannot
// hide it; jitter is how far a gap between two lines is off the interval.
//
// On Linux the fleet is a few epoll loops. A line's arrival is the kernel's
// receive timestamp (SO_TIMESTAMPNS), so a busy fleet does not lengthen what
// it measures, and it reads lazily, in batches, at half the cost. Elsewhere, or
// with Config.Portable, it is a goroutine per client over package net, which
// times a line when it reads it; its results say so.
//
// The lines also show what the server is: its ticker, its interval, its zone and
// whether its clock is right. Where that is not what the [Config] says, the lag
// or the jitter would be measured from something that does not exist.
//
// A fleet that was itself too busy, was stopped, was kept from its processors by
// a control group or by other processes, had no timestamp for a line, or had a
// server that is not as it was told says that in Result.Inconclusive: such a
// result is neither good nor bad.
package load
