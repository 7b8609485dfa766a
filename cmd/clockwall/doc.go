// Clockwall shows several clock servers side by side, as the wall of clocks in
// a trading room does: exercise 8.1 of The Go Programming Language.
//
// Usage:
//
//	clockwall [-once] [-layout=LAYOUT] [-network=NETWORK] NAME=ADDRESS...
//
// Clockwall connects to every ADDRESS. On a terminal it shows a table with a
// row for each clock, and keeps it up to date in place; Ctrl-C or SIGTERM ends
// it. Ctrl-Z suspends it, and after fg the table is drawn below what the shell
// has written meanwhile; in the background nothing is drawn. When the terminal
// gets another size, the table is drawn anew at its top.
//
// Where standard output is no terminal, or one that obeys no control sequences
// (TERM is empty or dumb), clockwall prints a line for each line that comes, and
// one for each clock that fails.
//
// The flags are:
//
//	-once               show one line of each clock, and exit
//	-layout=15:04:05    layout of the clocks' lines, as package time has it;
//	                    those that are constants there, such as RFC1123, are
//	                    recognised in any case
//	-network=tcp        tcp, tcp4, tcp6 or unix
//
// ADDRESS is host:port, or with -network=unix the path of a socket, or on Linux
// @name, an abstract socket.
//
// # How far a clock is off
//
// Beside each line stands how far the clock is off the one of this machine:
//
//	off = time that the line names − time at which it arrived
//
// A clock may be in any zone, and does not say in which. But zones are whole
// quarters of an hour apart, so off is taken modulo a quarter of an hour,
// between −7.5 and +7.5 minutes: a clock that is wrong by more looks better
// than it is. A line may follow the layout, or be in one that package time has
// a constant for, such as RFC1123 or Kitchen; any other gets a "?".
//
// Off is no finer than the layout. With 15:04:05 a line names the second that
// has begun, and not how much of it has passed. A server that ticks on the
// full second (clock -ticker=shared) shows what the line took on its way, say
// −0.002s. One that counts a second from when a client came (-ticker=per-conn)
// shows anything between −1s and 0 and may be exact all the same.
//
// # What can be wrong with a clock
//
//	STOPPED 12s ago    it is connected, but no line came for three intervals
//	ENDED              the connection ended
//	UNREACHABLE        there is no connection to be had
//	NOT A CLOCK        it sent more than 256 bytes without a newline
//
// The interval is the gap between the clock's last two lines, and at least a
// second.
//
// Whatever ended a connection, clockwall tries again every 2 seconds, and the
// mark stays until a line comes: the wall survives the restart of a server.
//
// Clockwall exits with 0 when it is interrupted and when whoever reads its
// output goes away, with 1 when it cannot write, and with 2 when it is called
// wrongly. With -once it exits with 0 if each clock has shown a line, and
// otherwise with 1 and a line on standard error for each that has not.
//
// # Example
//
// Three servers, of which one hangs:
//
//	$ clock -port=8010 -tz=America/New_York &
//	$ clock -port=8020 -tz=Asia/Tokyo &
//	$ clock -port=8000 -engine=gnet &
//	$ kill -STOP %2
//	$ clockwall NewYork=localhost:8010 Tokyo=localhost:8020 gnet=localhost:8000
//	NAME     ADDRESS         LINE      OFF      STATE
//	NewYork  localhost:8010  08:58:54  -0.412s  running
//	Tokyo    localhost:8020  21:58:42  -0.377s  STOPPED 12s ago
//	gnet     localhost:8000  13:58:54  -0.001s  running
//
// The same for a log:
//
//	$ clockwall NewYork=localhost:8010 Tokyo=localhost:8020 >wall.log &
//	$ tail -f wall.log
//	NewYork 08:59:08 -0.413s
//	Tokyo 21:59:08 -0.378s
//	NewYork 08:59:09 -0.413s
//	Tokyo stopped: no line for 3s
//
// And for a script:
//
//	$ clockwall -once NewYork=localhost:8010 Paris=localhost:8030
//	NewYork 08:59:10 -0.413s
//	clockwall: Paris (localhost:8030) unreachable: connection refused
//	$ echo $?
//	1
package main
