// Package goroutine serves the clock as the book does: a goroutine writes and
// waits, and the runtime's scheduler and poller make events of the waiting.
//
// There are three ways to run it:
//
//   - Sequential is clock1, one client at a time: accept, then handle.
//   - The ticker per connection is clock2, a goroutine per connection: accept,
//     then go handle. Each writes the time and sleeps.
//   - The shared ticker is clock2 with another wait: each goroutine waits for
//     the board on which one ticker writes the line of each tick.
//
// The same steps, here and in package eventloop:
//
//	step                   goroutine                     eventloop
//	accept                 server.concurrent             server.handOver
//	first line             server.first                  client.open
//	place in the schedule  server.enter                  schedule.admit
//	tick, shared           board.run                     board.run
//	wait for it            server.wait, board.next       loop.run, burst.next
//	tick, per connection   server.wait, server.sleep     loop.run, spread.next
//	line to the kernel     server.write, watchdog.write  client.write, sendLine
//	slow client            watchdog.endLap               client.stall
//	client gone            watchdog.endHungUp            client.closed
//	close                  server.leave                  client.close
//	stop                   watchdog.drain                server.drain, loop.end
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
