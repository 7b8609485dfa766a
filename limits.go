package clock

import "time"

// The limits and their defaults, each in one place with its reason.
const (
	// DefaultInterval is the time from one line to the next, as in the book.
	DefaultInterval = time.Second

	// MinInterval is the shortest interval: below it a line would be due
	// before the kernel has sent the last one to a few hundred clients.
	MinInterval = time.Millisecond

	// DefaultWriteTimeout is how long a client may take nothing before it is
	// dropped. Ten lines lost in a row: it has stopped, or its path has.
	DefaultWriteTimeout = 10 * time.Second

	// DefaultSendBuffer is the room, in bytes, that the kernel is asked to have
	// for what a client has not taken yet (SO_SNDBUF). Left to itself, Linux
	// would let it grow to 4 MB, which no client deserves that reads once a
	// second; this is where it starts from, and holds any line many times.
	DefaultSendBuffer = 16 << 10

	// MinSendBuffer is the least that Linux gives (SOCK_MIN_SNDBUF, 4608,
	// which is after it has doubled what was asked for).
	MinSendBuffer = 2304

	// ReceiveBuffer is the room, in bytes, that the kernel is asked to have for
	// what a client sends (SO_RCVBUF), since nobody is interested: a goroutine
	// never reads it. Left to itself, Linux would hold 128 KiB.
	ReceiveBuffer = 4 << 10

	// DefaultDrain is how long a server that stops waits for lines in flight.
	DefaultDrain = 5 * time.Second

	// TCP finds a peer that has vanished after UserTimeout: by lines that nobody
	// acknowledges or, where the interval is long, by its own keep-alive probes.
	//
	// UserTimeout is how long what was sent may stay unacknowledged
	// (TCP_USER_TIMEOUT, RFC 5482). RFC 1122, 4.2.3.5, asks for 100 seconds at
	// least; Linux by itself tries for about 15 minutes. On Linux it also replaces
	// the number of probes: the kernel ends a connection once a probe is
	// unanswered and nothing was heard for UserTimeout (tcp_keepalive_timer). So
	// UserTimeout leaves time for several probes, or the loss of one would end a
	// healthy connection. It is never less than the write timeout, which a client
	// with a closed window is due.
	UserTimeout = 150 * time.Second

	// KeepAliveIdle is the silence after which TCP sends the first probe: more
	// than a minute, so that a clock that ticks once a minute sends no probes
	// beside its lines. Each connection waits for a random part of
	// KeepAliveSpread longer. Without that, clients that came together would be
	// probed together, and where the probes overflow a queue it would be the same
	// ones each time: the queue of loopback holds 1000 (net.core.netdev_max_backlog).
	KeepAliveIdle   = 75 * time.Second
	KeepAliveSpread = 30 * time.Second

	// KeepAliveInterval is the time from one unanswered probe to the next: three
	// probes or more before UserTimeout is over. Where the system has no such
	// timeout, a connection ends after KeepAliveCount probes.
	KeepAliveInterval = 15 * time.Second
	KeepAliveCount    = 4

	// The wait after a failed accept: from AcceptBackoffMin, doubled each
	// time, to AcceptBackoffMax, as in net/http. The error is most often
	// EMFILE, and a file descriptor becomes free when a client leaves.
	AcceptBackoffMin = 5 * time.Millisecond
	AcceptBackoffMax = time.Second

	// FailureLogInterval is the least time between two logged failures to
	// accept or to serve a connection.
	FailureLogInterval = time.Second

	// reservedFiles is the number of file descriptors that the limit on
	// connections leaves free, besides those that the engine has for itself: for
	// the standard streams, the poller, the listener, connections being refused,
	// and the admin server with its connections. Of a small limit they are half,
	// but no fewer than leastFiles, with which a server still works.
	reservedFiles = 64
	leastFiles    = 16

	// reservedMemory and clientMemory, in bytes, are what the limit on
	// connections leaves for the program, and for each client, where memory is
	// limited (a control group). Measured are 6 KB of the server's own for a
	// client, at the most, and 5 KB of the kernel's; the rest is for the
	// garbage of arrivals and the send buffers of slow clients.
	reservedMemory = 32 << 20
	clientMemory   = 24 << 10

	// IPv6Prefix is the length in bits of the prefix that the limit per address
	// counts together: what one IPv6 customer has at the least (RFC 6177).
	IPv6Prefix = 64

	// MaxUnread is how much unread input is read before a connection is
	// closed. A client that has sent more sees a reset instead of FIN.
	MaxUnread = 1 << 20
)
