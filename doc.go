// Package clock is the clock protocol: what a client of the clock server sees,
// and what every engine that serves it has in common.
//
// A clock server writes the time to each of its clients, one line per
// interval: the server of "The Go Programming Language" (Donovan, Kernighan),
// section 8.2. Package clock/goroutine serves it with a goroutine per
// connection, package clock/eventloop with an event loop. They differ in how
// they serve a connection and in nothing else; the rest is here:
//
//   - [Face] turns a time into a line.
//   - [Ticker] is the shared ticker: the multiples of the interval on the
//     wall clock, also after the clock was stepped or the process stopped.
//   - [Options] are the parameters that both engines take.
//   - [Stats] counts, and the limits stand in one file with their reasons.
//
// Package clock/accept opens the socket and accepts connections, within those
// limits.
//
// The protocol: on accept the server writes one line with the current time,
// then one per interval. What a client sends is thrown away. A client sees
// whole lines, in order, none twice. A client too slow to take a line loses
// it, for an old time is worth nothing; one that takes nothing for the write
// timeout is dropped. When the server stops it closes every connection after
// a whole line, with FIN.
package clock
