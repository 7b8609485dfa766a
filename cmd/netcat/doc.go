// Netcat prints what a clock server sends: the client of The Go Programming
// Language, §8.2.
//
// Usage:
//
//	netcat [-n=LINES] [-network=NETWORK] ADDRESS
//
// Netcat connects to ADDRESS and copies every line to standard output as it
// arrives, until the server ends the connection or netcat is interrupted. It
// sends nothing and does not read standard input: a clock has nothing to hear.
//
// The flags are:
//
//	-n=0            stop after this many whole lines; 0 means no limit
//	-network=tcp    tcp, tcp4, tcp6 or unix
//
// ADDRESS is host:port, or with -network=unix the path of a socket, or on Linux
// @name, an abstract socket.
//
// Netcat exits with 0 when the server ends, when it has printed as many lines
// as -n asks for, when whoever reads its output goes away, and on Ctrl-C or
// SIGTERM. It exits with 1 when it cannot connect, when the connection breaks,
// when the server ends before line LINES and when it cannot write; and with 2
// when it is called wrongly.
//
// # Example
//
// Watch a clock until Ctrl-C:
//
//	$ netcat localhost:8000
//	13:58:54
//	13:58:55
//	13:58:56
//	^C
//
// Take one line, for a script:
//
//	$ now=$(netcat -n=1 localhost:8000)
//	$ echo $now
//	13:59:02
//
// The same from a server on a Unix socket:
//
//	$ netcat -n=1 -network=unix /run/clock.sock
//	13:59:10
//
// With no server there:
//
//	$ netcat localhost:8001
//	netcat: cannot connect to localhost:8001: connection refused; is the clock server running there?
package main
