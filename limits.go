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
	// listener, for connections being refused, and for the event loop's
	// hand-over, in which a connection has two descriptors for a moment.
	reservedFiles = 64

	// maxUnread is how much unread input is read before a connection is
	// closed. A client that has sent more sees a reset instead of FIN.
	maxUnread = 1 << 20
)
