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
// No goroutine ever reads: what a client sends stays in its socket. A watchdog
// does for all clients what their goroutines cannot while they write or sleep: it
// ends the writes that take too long, and asks the kernel who has hung up.
//
// A client that shuts down its sending half is served on. To the kernel one that
// is gone looks the same until the next line is sent to it, so where somebody new
// finds no place, all that have shut down their sending half are let go. Without
// that, the host of one that is gone tells so within a minute and a half.
package goroutine
