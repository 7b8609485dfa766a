// Package faults is the fault suite: black-box tests that drive the real clock
// command, with every engine and ticker, while the machine, the network and the
// clients misbehave. What it asserts is what clients and an operator see: lines
// whole and in order, exit codes, what is said on standard error, what the
// process holds and uses, and that systemd starts it again.
//
// It runs on Linux, and only when asked for:
//
//	go test -tags faults ./cmd/clock/faults
//
// A fault that needs what a machine lacks, such as root or a network namespace,
// is skipped with the reason and the cure. The suite takes a few minutes, most
// of which it waits.
//
// Two kinds of fault are not here, since no test may set the machine's clock or
// use up the kernel's memory. A wall clock that is stepped, changes to daylight
// saving time or repeats a second, and an accept that fails for want of memory
// or buffers, are in the suite of package clocktest, which every engine passes.
package faults
