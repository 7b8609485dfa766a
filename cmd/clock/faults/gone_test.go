//go:build linux && faults

package faults

import (
	"net"
	"testing"
	"time"
)

// soon is the longest that a client may wait for a place that is free.
const soon = time.Second

// TestPlaceOfTheGoneIsFree has clients fill a server whose next line is an hour
// away, and close their connections. Somebody new has their place at once, by
// each of the limits, and when all have gone the server has no connection left.
func TestPlaceOfTheGoneIsFree(t *testing.T) {
	for limit, flag := range map[string]string{"all": "-max-conns=3", "address": "-max-conns-per-ip=3"} {
		t.Run(limit, func(t *testing.T) {
			together(t, func(t *testing.T, v variant) {
				srv := start(t, v, flag, "-interval=1h", watched)
				for range 3 {
					inside := make([]*client, 3)
					for i := range inside {
						inside[i] = srv.nextServed(t)
					}
					for i, c := range inside {
						if i == 0 {
							_ = c.Conn.(*net.TCPConn).SetLinger(0) // it ends with a reset
						}
						_ = c.Close()
					}
				}
			})
		})
	}
}

// nextServed dials until a client is served, which must be soon.
func (p *process) nextServed(t *testing.T) *client {
	t.Helper()
	for began := time.Now(); ; {
		c := p.dial(t)
		if _, err := c.next(); err == nil {
			return c
		}
		if time.Since(began) > soon {
			t.Fatalf("a new client is not served within %v, though others have left", soon)
		}
	}
}

// TestGoneAreFound has clients of a server whose next line is an hour away close
// their connections, or reset them. The server notices, though nobody wants
// their place. A host that has closed a connection answers for it for a minute.
func TestGoneAreFound(t *testing.T) {
	const finWait = time.Minute
	for name, c := range map[string]struct {
		reset bool
		limit time.Duration
	}{
		"closed": {false, finWait + patience},
		"reset":  {true, 3 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			together(t, func(t *testing.T, v variant) {
				srv := start(t, v, "-interval=1h", watched)
				before := srv.settledFiles(t)
				for range 10 {
					client := srv.dial(t)
					client.line(t)
					if c.reset {
						_ = client.Conn.(*net.TCPConn).SetLinger(0)
					}
					_ = client.Close()
				}
				took := within(t, "the clients are gone", c.limit, func() bool { return srv.files(t) <= before })
				t.Logf("gone after %v", took)
				if n := srv.metric(t, "clock_connections"); n != 0 {
					t.Errorf("%g connections are counted, want none", n)
				}
			})
		})
	}
}

// TestHalfClosedStayWhileThereIsRoom has a client shut down its sending half, for
// longer than a goroutine needs to find out that a client is gone. It is served
// on, until somebody else wants its place.
func TestHalfClosedStayWhileThereIsRoom(t *testing.T) {
	together(t, func(t *testing.T, v variant) {
		if v.engine == "gnet" {
			t.Skip("gnet takes the end of input for the client's end")
		}
		const interval = 5 * time.Second
		srv := start(t, v, "-max-conns=2", "-interval="+interval.String())
		c := srv.dial(t)
		c.line(t)
		if err := c.Conn.(*net.TCPConn).CloseWrite(); err != nil {
			t.Fatal(err)
		}
		checkNoneMissing(t, c.lines(t, 20), interval)
		srv.dial(t).line(t)
		c.line(t)
		srv.dial(t).line(t)
		if err := c.rest(); err != nil {
			t.Errorf("a half-closed connection ends with %v, want FIN after a whole line", err)
		}
	})
}

// TestHalfClosedStayWhereTheyAreInNobodysWay has a client shut down its sending
// half. Somebody who finds no place for another address does not cost it its own.
func TestHalfClosedStayWhereTheyAreInNobodysWay(t *testing.T) {
	together(t, func(t *testing.T, v variant) {
		if v.engine == "gnet" {
			t.Skip("gnet takes the end of input for the client's end")
		}
		srv := start(t, v, "-max-conns-per-ip=1", "-interval=100ms")
		c := srv.dialFrom(t, "127.0.0.2")
		c.line(t)
		if err := c.Conn.(*net.TCPConn).CloseWrite(); err != nil {
			t.Fatal(err)
		}
		srv.dialFrom(t, "127.0.0.3").line(t)
		if at, err := srv.dialFrom(t, "127.0.0.3").next(); err == nil {
			t.Errorf("a second client from an address has a line, for %v", at)
		}
		c.lines(t, 10)
		srv.dialFrom(t, "127.0.0.2").line(t) // which is in its way
		if err := c.rest(); err != nil {
			t.Errorf("a half-closed connection ends with %v, want FIN after a whole line", err)
		}
	})
}

// TestGoneDoNotHoldUpTheNext has a crowd of clients come and go at a server with
// few files. Somebody new is served soon, however many were before in the backlog.
func TestGoneDoNotHoldUpTheNext(t *testing.T) {
	needPrlimit(t)
	together(t, func(t *testing.T, v variant) {
		const crowd = 3000
		srv := command{variant: v, through: withFiles(64), flags: []string{"-max-conns=100000"}}.start(t)
		for range crowd {
			_ = srv.dial(t).Close()
		}
		srv.nextServed(t)
	})
}
