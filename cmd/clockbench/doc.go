/*
Clockbench measures clock servers: what their clients see, and what that costs
the server.

Usage:

	clockbench load [flags]
	clockbench compare [flags] -o FILE.jsonl
	clockbench capacity -slo=BOUNDS [flags]
	clockbench soak [flags]
	clockbench plan [flags] -clients N -slo BOUNDS FILE.jsonl...
	clockbench report [-o RESULTS.md] [-html explorer.html] FILE.jsonl...

Load loads one server, which may run anywhere. Compare starts servers itself
and measures them against each other. Capacity finds the most clients that one
of them holds within an SLO, and soak keeps it under stress for long, and tells
whether it leaks. Plan tells from a comparison how many boxes a service takes,
and report makes of it a document.

A session, with a server in another terminal (clock -engine=gnet):

	$ clockbench load -conns=10k -slo=p99=50ms
	clockbench load: connecting 10000 clients to localhost:8000
	clockbench load: 10000 clients have their first line; warming up
	clockbench load: counting for 10s
	10000 clients of tcp localhost:8000, a line every 1s, ticker shared, as its lines show; counted for 10s from 14:03:12

	connected   10000 in 1s, at the fleet's own pace of 10000 a second
	first line  p50 133µs  p99 41.4ms  p99.9 46.9ms  max 53.6ms
	lines       100000 of 100000, reach 1
	lag         p50 37.2ms  p99 76.1ms  p99.9 81.5ms  max 84.7ms
	jitter      p50 1.35ms  p99 7.29ms  p99.9 11.2ms  max 15.5ms
	span        median 73.6ms  max 84.5ms
	wrong       0 skipped, 0 repeated, 0 torn, 0 stale
	fairness    1.87
	fleet       epoll, 11% of its processors, at most 3.5ms behind
	clockbench load: SLO missed: p99 of the lag is 76.1ms, and may be 50ms
	$ echo $?
	99

# The words

	lag       arrival of a line less the tick that it names: of a shared ticker
	jitter    how far the gap between two lines of a client is off the interval
	drift     the mean gap less the interval: of a ticker per connection, for a
	          shared one is bound to the clock
	reach     the lines that came, of those that were due: with a shared ticker
	          the ticks within the time counted, and with one per connection a
	          line an interval after the last one, so that drift makes fewer due
	span      from the first to the last arrival of a tick, over all clients
	skipped   ticks that a client was not shown, between two that it was; a line
	          is missing for it only if there was time for one
	stale     lines that were two intervals old when they came
	fairness  the worst client's mean lag over the median client's, or, with a
	          ticker per connection, their mean jitter; 1 is perfectly fair

A line's arrival is the kernel's timestamp on Linux, so that a busy fleet of
clients does not lengthen what it measures. A fleet that was too busy even so
says that the result is inconclusive: it is then neither good nor bad. On Linux
so does one that was kept from its processors in the time that was counted: by
its control group for over 1% of it, or by other processes for over 50% of it,
or 25% with -portable. Its share of processors is of what it may use: a quota
of its control group counts. Where it was kept from them while clients
connected, a line says so below how fast they did.

Numbers of clients are written as 250, 10k or 1.5M, shares as 1% or 0.01,
rates as 100/s or 5k, memory as 16GiB or 512MB.

# Load

Load connects clients, lets them warm up, counts for a while, and prints a
summary. On a terminal a line tells meanwhile how it goes; elsewhere, in the
background, and where TERM is empty or dumb, a line tells each phase.

	-addr host:port
		the server, or the path of a unix socket, or on Linux @name, an
		abstract one. The default is localhost:8000. A link-local address
		names its network interface: [fe80::1%eth0]:8000.
	-network name
		tcp, the default, tcp4, tcp6, or unix.
	-conns number
		the clients. The default is 1k.
	-duration time
		how long to count. The default is 10s.
	-warmup time
		between the last client's first line and the counting. The default is
		two intervals.
	-rate clients
		to connect per second, or all for all at once. The default is all of
		them within an interval, which gives a ticker per connection an even
		load.
	-interval time
		the server's. The default is 1s.
	-ticker kind
		the server's: shared or per-conn. The default is the one that its lines
		show: the second line of a client comes an interval after its first, or
		on the tick.
	-layout layout
	-tz zone
		of the server's lines, as for clock. The defaults are 15:04:05 and
		Local.
	-stalled share
		of the clients connects and never reads.
	-churn clients
		leave per second, and reconnect.
	-storm
		after the counting, all clients leave, and three intervals later, when any
		server knows that they have, come back at once.
	-source addresses
		to connect from, in turn, with commas: addresses of this machine, of the
		server's family. A server on 127.0.0.0/8 needs none: the fleet takes as
		many addresses there as it has need of ports.
	-workers number
		of epoll loops, at most 256. The default is one for each processor that
		the fleet may use.
	-batch time
		that arriving lines are left to gather before they are read. The
		default is 1ms, or a quarter of the interval where that is shorter. It
		is at most 100ms, and half an interval.
	-portable
		uses package net even where there is better.
	-slo bounds
		that a server has to meet: upper bounds on p50, p90, p99, p99.9, p99.99
		or max of the lag, or with a ticker per connection of the jitter, with commas,
		such as p99=50ms,max=1s. No line may be missing then, and every client
		must be served.
	-json file
		writes the result as JSON; - writes it to standard output in place of
		the summary.
	-hdr file
		writes the distribution of the lag, or of the jitter with a ticker per
		connection, as the plotters of HdrHistogram read it; - writes it to
		standard output in place of the summary.

What the lines show must be what the flags say. Load ends at the first line if
that is in another layout or zone, with 1. If the server turns out to have the
other ticker or another interval, or with a shared ticker a clock that is wrong,
the result is inconclusive.

How many clients connected in a second says something of the server only if it
did not keep up with -rate, or with -rate=all.

The figures are those of the clients that neither stall nor churn. After an
interrupt load prints what it has counted until then, and exits with 1.

# Compare

Compare measures every server with every number of clients, once in each round,
in random order, each time with a fresh server and a fresh fleet. It appends to
FILE.jsonl as it goes. If it is interrupted, the same command goes on where it
was.

A measurement that says nothing about the server, because the fleet could not
keep up or other processes took over 5 % of a processor, is repeated, up to
twice. The last one is kept even so, and marked: reports and plans leave it out
and count it, and compare exits with 3. Where /proc/stat does not show all the
processors that may be used, as in some containers, nobody knows what others
take: compare says so, and so do its file and the report.

The file also has the commit that clockbench was built from. go build records it
in a clone of the repository (-buildvcs=true makes sure of it); go run and go
test do not, and compare, capacity and soak warn of it.

	$ clockbench compare -conns=1k,10k -o results/compare.jsonl
	clockbench compare: 6 servers, 17 measurements in each of 5 rounds, seed 1842; 0 of 85 measurements are in results/compare.jsonl
	clockbench compare: 1/85, 25m left; goroutine/shared with 1000 clients: lag p99 9.93ms, 8.91 µs a line
	...
	clockbench compare: done; for a report: clockbench report -o RESULTS.md results/compare.jsonl
	$ clockbench report -o RESULTS.md results/compare.jsonl
	RESULTS.md

Its flags:

	-o file
		for the measurements.
	-conns numbers
		of clients, with commas. The default is 1k,5k,10k,18k.
	-rounds number
		The default is 5.
	-duration time
	-warmup time
	-interval time
		of each measurement. The defaults are 10s, 3s and 1s; an interval is at
		least 1s.
	-server name
	-server NAME='COMMAND {addr}'
		a server to measure: goroutine/per-conn, goroutine/shared,
		gnet/per-conn, gnet/shared or floor; or one of another make. May be
		given several times; the default is all of ours. The floor, a bare loop
		of send(2) that shows what the kernel alone costs, is always measured.
		COMMAND starts a server on the address that takes the place of {addr}.
		In a network namespace of its own that is 127.0.0.1:8000, so there a
		server may be fixed to the address of the book's and have no {addr}.
		NAME:shared='...' says that it has a shared ticker; if its lines show
		that it has the other one, its measurements are inconclusive. See below.
	-control server
		that is measured twice in each round: as much as the two differ, others
		may without being different. The default is gnet/shared where that is
		measured, and else the first server after the floor; none is for none.
	-stalled share
	-stalled-conns number
		of clients in a further measurement of each server but the control,
		where that share of the clients never reads. The defaults are 1% and
		10k; -stalled=0 leaves it out.
	-seed number
		that the random order follows from. The default is a random one; it
		goes into the file.

COMMAND is what a shell takes: GOMAXPROCS=1 ./mine {addr}, or cd mine && ./run.
/bin/sh runs it, in a process group whose processes are measured together, and
are all ended with the measurement, so the server has to stay in the foreground.
What it inherits is what the servers of this module have: the processors, the
network namespace, as many open files as the hard limit allows whatever the
soft one is, a SIGPIPE that is not ignored, and TZ=UTC in the environment.

# Capacity

Capacity looks for the most clients that a server holds within an SLO, with a
fresh server and a fresh fleet for each number of clients that it tries. It
doubles them until the SLO is missed, bisects until the bounds are within 5 %,
and confirms: with the capacity found a second run must meet the SLO, and with a
quarter more one must miss it. Where answers contradict each other, it asks
again. A run that missed the SLO while other processes took over 5 % of a
processor is repeated, up to twice, and then ends the search as inconclusive.

	$ clockbench capacity -server=gnet/shared -slo=p99=50ms
	clockbench capacity: gnet/shared within p99=50ms, with at most 19912 clients
	clockbench capacity: doubling, 250 clients: lag p99 2.29ms, 9.25 µs a line; met
	...
	server      gnet/shared, a line every 1s
	SLO         p99 ≤ 50ms
	capacity    5656 clients, confirmed by a further run
	bound by    the SLO: with 5833 clients, p99 of the lag is 51.2ms, and may be 50ms
	with 5656   lag p99 48.7ms, 8.61 µs a line; met
	with 5656   lag p99 49.1ms, 8.73 µs a line; met
	with 7070   lag p99 61.4ms, 8.65 µs a line; missed

Its flags:

	-slo bounds
		that the server has to keep, as for load. There is no default.
	-server name
		one of ours, or of another make, as for compare. The default is
		goroutine/per-conn. The SLO bounds the lag with a shared ticker, and
		the jitter with one per connection.
	-cpus number
		of processors for the server, the clients having the others. The
		default is half of them.
	-interval time
	-warmup time
	-duration time
		of each run. The defaults are 1s, 2s and 5s; an interval is at least
		1s.
	-most number
		of clients to try. The default is what the limit on open files leaves
		room for in one process.
	-json file
		writes what was found, and each run, as JSON; - writes it to standard
		output in place of the summary. It is one line, so that >> gathers
		searches in one file.

What binds a capacity is named: the processor, the SLO, the limit on open
files, clients that the server did not serve, or -most. An interrupt ends the
search; what was found by then is printed.

# Plan

Plan reads what compare has written, and tells for each server how many clients
a box holds and what keeps it from more; how many boxes the service takes, one
of which may fail; and how busy a box is then. It ends with a recommendation.

	$ clockbench plan -clients 1M -slo p99=100ms -cores 8 bench/results/*.jsonl

Processor time and memory are straight lines through what was measured. The lag
of a shared ticker is that of a batch: client k of those on a core waits k times
as long as one line takes. Jitter is interpolated between the sizes measured.
Lag and jitter are not taken beyond the most clients for a core that were
measured, unless -extrapolate says so; "extrapolated" then marks the server. It
also marks those with fewer clients for a core than were measured.

What can bind, as the table names it:

	cpu       all cores are busy
	slo       lag or jitter is at its bound
	measured  no more clients for a core were measured
	memory    the server's own and the kernel's
	files     open files of the process
	tcp_mem   net.ipv4.tcp_mem, a page for each client with a line on its way
	ports     28232 connections from each address of a proxy to the server's port
	nic       a packet for each line, within the interval; of a shared ticker,
	          which sends them at once, within the SLO

	-clients number
		of the service. It must be given.
	-slo bounds
		as for load. Must be given. They are of the lag with a shared ticker,
		and of the jitter with one per connection.
	-interval time
		from line to line. The default is 1s. Jitter is known for the interval
		that was measured.
	-headroom share
		of its capacity that a box is filled to, even while another is down. The
		default is 65%; so where the processors bind they are busy for 65% of
		the time.
	-cores number
		that the server has on a box. The default is 8. A box is taken for as
		many of the measured servers, side by side, as it has their cores.
	-mem bytes
		that server and kernel have for clients. The default is 16GiB.
	-files number
		that the process may have open. The default is 524288, which systemd
		allows.
	-tcp-mem bytes
		the last figure of net.ipv4.tcp_mem, in bytes and not in pages. The
		default is 3/32 of -mem, as Linux takes.
	-proxies number
		of addresses that proxies in front of a box connect from. The default
		is none: clients connect from addresses of their own.
	-nic packets
		a second that a box can send. The default is not to consider it.
	-server name
		a server to plan with, by its name in the data. May be given several
		times. The default is all but the floor and the control.
	-extrapolate
		takes lag and jitter beyond what was measured.
	-json file
		writes the plan as JSON, with all limits, and all estimates with their
		95 % intervals; - writes it to standard output in place of the table.

If no server can meet the target, the notes say why, and plan exits with 99.

# Report

Report reads what compare has written, several files if they were measured on
one machine and with one build, and writes a document. Its charts are in a
directory beside it: RESULTS.md.charts for RESULTS.md. Files of searches that
capacity has written with -json, one a line, go with the others: what was found
is held against what plan foretells. Report prints the paths of what it has
written.

	-o file
		The default is RESULTS.md, or none with -html; - is standard output, on
		which there are no charts.
	-html file
		writes a page in which to explore what plan says: sliders for the
		target, the plan's table, and charts of what decides. It is one file,
		with the data in it, and needs a browser and no network; - writes it
		to standard output. A server that it comes from has to send it as
		text/html, and has to allow script-src 'unsafe-inline'
		'wasm-unsafe-eval' and style-src 'unsafe-inline' if it sends a
		Content-Security-Policy. The target is in its address, such as
		explorer.html#clients=20000&slo=50. With -o as well, both are written.

# Soak

Soak starts one server, in the same places as compare does, and has two fleets
of clients on it at once. Those of the first behave, and have to get every line:
theirs are the figures. Those of the second do not: they connect all at once,
and leave all at once, three intervals before they come again; in between, some
never read, and some leave and reconnect.

All the while the server's resident memory, its open files and its goroutines
are sampled, once a second or more often, and the kernel's memory: the socket
buffers, and the slab that it cannot have back for the asking, of the whole
machine. At the end a straight line through the samples tells for each what it
would come to in a day, with an interval of 95 %. Samples that lie close to each
other say the same, so the line goes through the means of batches, at most 20 of
them, each as long as some whole number of storms takes.

A figure grows if its interval lies above 0 and it rises by more than does no
harm. That is 64 MiB of memory a day, and 100 files or goroutines, with which a
server lasts for ten days even where the limit on open files is 1,024. It is
unclear if a leak could hide in its interval, of 1 KiB for each client that
comes and goes, or a file or goroutine for one in a thousand of them.

	$ clockbench soak -server=gnet/shared
	clockbench soak: connecting: 0 clients, 0 lines/s; 0 storms
	clockbench soak: warming up: 5000 clients, 6956 lines/s; 0 storms
	...
	clockbench soak: counting: 5000 clients, 4546 lines/s, p99 73.7ms, reach 1, 57s left; 22 storms; 19.5 MiB, 6013 files, 17 goroutines
	gnet/shared: 5000 clients that behave, a line every 1s, counted for 10m0s from 04:45:58; and 1000 that do not:
	a storm every 30s, 10% of them stall, 100 a second reconnect

	storms       24, the slowest in 107ms
	first line   p50 541µs  p99 36.7ms  p99.9 60.4ms  max 62.5ms
	reconnected  55207
	lines        3000000 of 3000000, reach 1
	lag          p50 22.9ms  p99 80.6ms  p99.9 169ms  max 187ms
	jitter       p50 2.57ms  p99 75.1ms  p99.9 138ms  max 186ms
	wrong        0 skipped, 0 repeated, 0 torn, 0 stale
	fleet        epoll, 1% of its processors, at most 177ms behind
	others       47% of a processor

	               mean      drift a day  95% interval              no harm
	user memory    20.0 MiB  +12.8 MiB    +8.8 MiB to +16.8 MiB     64.0 MiB  steady
	kernel memory  93.9 MiB  -1277.8 MiB  -2629.7 MiB to +74.1 MiB  64.0 MiB  steady
	open files     5879      +340         -371 to +1052             100       steady
	goroutines     17        0            0 to 0                    100       steady
	$ echo $?
	0

Its flags:

	-server name
		goroutine/shared, the default, goroutine/per-conn, gnet/shared,
		gnet/per-conn or floor; or a server of another make as for compare,
		NAME='COMMAND {addr}' or NAME:shared='...', whose goroutines are not
		known.
	-duration time
		to count for, at least six storms. The default is 10m.
	-warmup time
		before, at least one storm. The default is 2m, which is how long a
		server in Go may wait for its garbage collector: until it has run,
		memory grows.
	-interval time
		The default is 1s. Below that lines show microseconds, in the layout
		StampMicro, and so must those of a server of another make.
	-conns clients
		that behave. The default is 5k.
	-bad clients
		that do not. The default is 1k.
	-every time
		from storm to storm, at least ten intervals. The default is 30s.
	-stalled share
		of the bad clients that never read. The default is 10%.
	-churn clients
		of the bad ones that leave and reconnect in a second. The default is
		100/s.
	-json file
		writes the result, with every sample, as JSON; - writes it to standard
		output in place of the summary.

Torn and repeated lines, and growing memory, files or goroutines, are failures:
soak then exits with 99.
Missing lines, and memory of the kernel, are none that can be blamed on the
server if the fleet could not keep up, or other processes took over 5 % of a
processor, or nobody knows what they took: then the soak is inconclusive. After
an interrupt it prints what it has until then, and exits with 1.

# Files

Where a file is written, - stands for standard output, and ./- for a file of that
name; but compare, which goes on with its file, needs one. A file that cannot be
written is an error before anything is measured. One that is there is replaced
when all of the new one is on the disk, so no result is replaced by none. A file
that is read is never written over, under whatever name.

# Exit codes

	0   good: whatever was asked for is done, and the SLO is met
	1   failed: it cannot be done, or was interrupted
	2   it was called wrongly
	3   inconclusive: nothing can be said about the server, for the reasons
	    given; of a comparison, about some of the servers
	99  missed: it is done, and the server misses the SLO, cannot meet it with
	    one client or, in a plan, at all, or did not stand the soak. It is the
	    code of k6 for thresholds that are crossed
*/
package main
