// Package eventloop serves the clock from a reactor on
// github.com/panjf2000/gnet/v2: a few event loops, each with thousands of
// connections, that wait for events, handle each at once, and never block.
//
//	accept ── hand-over ──► event loop ──► first line, then into its queue
//	ticker ── doorbell ───► event loop ──► a chunk of those who are due, ring again
//
// A loop keeps its clients in the order in which they will be due; since they
// all have the same interval, the one served last is due last, and a queue is
// all it takes. Two schedules share it: burst, where everybody is due at the
// tick of one ticker, and spread, where each client is due on a grid of its
// own, from the moment it came.
//
// What differs from package goroutine, as a client sees it: one that shuts
// down its sending half has said all that gnet wants to hear, and is closed.
package eventloop
