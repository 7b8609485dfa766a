// Package faults is the fault suite: black-box tests that drive the real clock
// command, with every engine and ticker, while the machine, the network and the
// clients misbehave. What it asserts is what clients and an operator see: lines
// whole and in order, exit codes, what is said on standard error, what the
// process holds and uses.
//
// It runs on Linux, and only when asked for:
//
//	go test -tags faults ./clocktest/faults
//
// A fault that needs what a machine lacks, such as root or a network namespace,
// is skipped with the reason and the cure. The suite takes a few minutes, most
// of which it waits.
package faults
