// Package goroutine serves the clock as the book does: a goroutine writes and
// waits, and the runtime's scheduler and poller make events of the waiting.
//
// There are three ways to run it, all in server.go:
//
//   - Sequential is clock1, one client at a time: accept, then handle.
//   - The ticker per connection is clock2, a goroutine per connection: accept,
//     then go handle. Each writes the time and sleeps.
//   - The shared ticker is clock2 with another wait: each goroutine waits for
//     the board on which one ticker writes the line of each tick.
//
// No goroutine ever reads: what a client sends stays in its socket, and that a
// client has gone is noticed by the second line that it does not take.
package goroutine
