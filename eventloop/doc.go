// Package eventloop serves the clock from a reactor on
// github.com/panjf2000/gnet/v2: a few event loops, each with thousands of
// connections, that wait for events, handle each at once, and never block.
//
//	accept ── hand-over ──► event loop ──► first line, then into its queue
//	board ─── waker ──────► event loop ──► a chunk of those who are due, wake again
//
// A loop keeps its clients in the order in which they will be due; since they
// all have the same interval, the one served last is due last, and a queue is
// all it takes. There are two schedules: burst, where everybody is due at the
// tick of one ticker, and spread, where each client is due on a grid of its
// own, from the moment it came.
//
// The same steps, here and in package goroutine:
//
//	step                   eventloop                     goroutine
//	accept                 server.handOver               server.concurrent
//	first line             client.open                   server.first
//	place in the schedule  schedule.admit                server.enter
//	tick, shared           board.run                     board.run
//	wait for it            loop.run, burst.next          server.wait, board.next
//	tick, per connection   loop.run, spread.next         server.wait, server.sleep
//	line to the kernel     client.write, sendLine        server.write, watchdog.write
//	slow client            client.stall                  watchdog.endLap
//	client gone            client.closed                 watchdog.endHungUp
//	close                  client.close                  server.leave
//	stop                   server.drain, loop.end        watchdog.drain
//
// What differs from package goroutine, as a client sees it: gnet takes the end
// of input for the end of the client, so one that shuts down its sending half is
// closed.
package eventloop
