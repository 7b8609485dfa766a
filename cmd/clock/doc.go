/*
Clock writes the time to each client that connects, one line per interval: the
clock server of "The Go Programming Language", section 8.2, served in one of
three ways.

# Usage

	clock [flags]

# Examples

The book's server, and its client in another terminal:

	$ clock
	clock: serving on tcp 127.0.0.1:8000, 15:04:05 Local every 1s (engine goroutine, ticker per-conn, at most 19935 clients)

	$ nc localhost 8000
	17:21:05
	17:21:06
	^C

An event loop that shows another place's time:

	$ clock -engine=gnet -tz=Asia/Tokyo -layout=RFC1123

On any free port of every address, ten lines a second:

	$ clock -addr=:0 -interval=100ms -layout=StampMicro

On a Unix socket:

	$ clock -network=unix -addr=/tmp/clock.sock

As a service that is watched:

	$ clock -engine=gnet -admin=localhost:9090 -log-format=json

# How to serve

	-engine name
		sequential serves one client at a time, the next one waits (the
		book's clock1). goroutine, the default, has a goroutine per
		connection (clock2). gnet is an event loop.
	-ticker name
		per-conn: a line comes one interval after that client's last. shared:
		at each multiple of the interval on the wall clock, to all clients at
		once. The default is per-conn, and shared for gnet.

# Where to listen

	-network name
		tcp, the default, tcp4, tcp6, or unix.
	-addr host:port
		the address to listen on, or the path of a unix socket. The default is
		localhost:8000. A socket file that nobody listens on is replaced. On
		Linux a unix socket may be abstract: @name, which is in no directory.
		A file of such a name is ./@name.
	-port number
		overrides the port of -addr; 0 is any free port.
	-reuseport
		shares a TCP port with other processes of this user that say the same
		(SO_REUSEPORT, on Linux): together they serve more clients than one
		may have files open. The kernel gives each client to one of them at
		random; those of a process that ends go with it, and so do those that
		it has not accepted yet.

# What a line shows

	-layout layout
		what a line shows: a layout of Go's package time, such as 15:04:05,
		the default, or the name of one of its constants, such as RFC1123.
	-tz zone
		the time zone, such as Europe/Berlin. The default is Local: that of
		this machine, UTC if it has none, or of the environment variable TZ,
		UTC if it is empty. ZONEINFO may name a directory of more zones. A
		zone that cannot be had is an error.
	-interval duration
		the time between lines, such as 500ms. The default is 1s.

# What clients may cost

	-max-conns number
		the most clients at once; one more is closed. 0, the default, is as
		many as the limit on open files leaves room for, and the memory of the
		control group, if that is limited: clock tells when it starts, and if
		that cannot be read. More than open files leave room for are never let
		in, and clock says so.
	-max-conns-per-ip number
		the most clients at once from one address, an IPv6 address being one
		with all others of its /64. 0, the default, is any number.
	-write-timeout duration
		after which a client that takes nothing is dropped. The default is 10s.
	-send-buffer bytes
		that the kernel holds for a client that is slow to take its lines
		(SO_SNDBUF). The default is 16384, the least 2304.
	-drain duration
		that lines in flight to slow clients are given to get through when the
		server stops. The default is 5s.

Input from clients is thrown away. A client that shuts down its sending half is
closed by gnet. The other engines serve it on, as long as nobody else wants its
place: where there is none for somebody new, all that have shut down their sending
half are let go (with -max-conns-per-ip, those from the same address), for that is
also what a client looks like that is gone.

# Watching it

	-admin host:port
		an address for those who keep the server running: HTTP with /metrics
		for Prometheus, /healthz, which fails if clients get no lines, /readyz,
		which fails before clock listens and while it stops, and
		/debug/pprof/. Nothing there asks who is calling: without a host it is
		on localhost. The default is none.
	-log-format format
		text, the default, or json, with which each line on standard error of
		a running server is a JSON object. No client is worth a line, and a
		failure one a second at the most.

# Other flags

	-help
		prints this manual and exits.
	-version
		prints the version and exits.

# As a service

Where systemd passes a socket (LISTEN_FDS), clock serves that one, and takes no
-network, -addr, -port and -reuseport. The socket stays open when clock ends, so
a restart refuses nobody: who comes meanwhile waits for the next clock.

Clock tells systemd (NOTIFY_SOCKET) when it serves and when it stops, and keeps
the watchdog quiet (WATCHDOG_USEC) as long as it is alive. Units are in
deploy/systemd.

# Signals

Clock says on standard error what it serves, and the address that it got. An
interrupt or a SIGTERM stops it: it closes its listener, finishes the lines in
flight, closes each connection, says how many lines it has sent, and exits with
0. A second one ends it at once.

# Exit codes

	0  clock was told to stop, and has
	1  it cannot serve
	2  it does not understand its flags

A crash ends clock by SIGABRT, with the stacks of all goroutines on standard
error; it is never exit code 2, but for process 1 of a container, which the
kernel lets no signal of its own end. The units start clock again whatever has
ended it, but for wrong flags.
*/
package main
