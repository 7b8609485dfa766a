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

	// receiveBuffer is the room, in bytes, that the kernel is asked to have for
	// what a client sends (SO_RCVBUF), since nobody is interested: a goroutine
	// never reads it. Left to itself, Linux would hold 128 KiB.
	receiveBuffer = 4 << 10

	// UserTimeout is how long what was sent may stay unacknowledged before the
	// kernel gives the connection up (TCP_USER_TIMEOUT, RFC 5482): the peer has
	// vanished. By default Linux tries for about 15 minutes. It is never less
	// than the write timeout, which a client with a closed window is due.
	UserTimeout = 30 * time.Second

	// DefaultDrain is how long a server that stops waits for lines in flight.
	DefaultDrain = 5 * time.Second

	// KeepAliveIdle, KeepAliveInterval and KeepAliveCount find a peer that
	// vanished while nothing was sent to it: a clock with a long interval.
	// They are the defaults of package net.
	KeepAliveIdle     = 15 * time.Second
	KeepAliveInterval = 15 * time.Second
	KeepAliveCount    = 9

	// The wait after a failed accept: from acceptBackoffMin, doubled each
	// time, to acceptBackoffMax, as in net/http. The error is most often
	// EMFILE, and a file descriptor becomes free when a client leaves.
	acceptBackoffMin = 5 * time.Millisecond
	acceptBackoffMax = time.Second

	// failureLogInterval is the least time between two logged failures to
	// accept or to serve a connection.
	failureLogInterval = time.Second

	// reservedFiles is the number of file descriptors that the limit on
	// connections leaves free: for the standard streams, the pollers, the
	// listener, for connections being refused, for those of the admin server,
	// and for the event loop's hand-over, in which a connection has two
	// descriptors for a moment.
	reservedFiles = 64

	// reservedMemory and clientMemory, in bytes, are what the limit on
	// connections leaves for the program, and for each client, where memory is
	// limited (a control group). Measured are 6 KB of the server's own for a
	// client, at the most, and 5 KB of the kernel's; the rest is for the
	// garbage of arrivals and the send buffers of slow clients.
	reservedMemory = 32 << 20
	clientMemory   = 24 << 10

	// ipv6Site is the length in bits of the prefix that the limit per address
	// counts together: what one IPv6 customer has at the least (RFC 6177).
	ipv6Site = 64

	// maxUnread is how much unread input is read before a connection is
	// closed. A client that has sent more sees a reset instead of FIN.
	maxUnread = 1 << 20
)
