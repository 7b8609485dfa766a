package eventloop

import "golang.org/x/sync/errgroup"

// handovers is the number of goroutines that accept connections and hand them to
// the loops. Handing over waits for the loop, which may be in the middle of a
// chunk: with this many waiting, that many new clients have their first line
// after each chunk.
const handovers = 8

// concurrent accepts clients until the listener is closed.
func (s *server) concurrent() error {
	var group errgroup.Group
	for range handovers {
		group.Go(s.handOver)
	}
	return group.Wait()
}

// handOver hands each client that comes to the loop with the fewest, and waits
// until it has its first line.
func (s *server) handOver() error {
	spare := newSpare()
	defer spare.close()
	for {
		conn, err := s.acceptor.Accept()
		if err != nil {
			return err
		}
		c := new(client)
		spare.release()
		// EnrollContext closes conn; a duplicate of its socket lives on.
		_, err = s.reactor.EnrollContext(conn, c)
		spare.hold()
		if err != nil || c.loop == nil {
			s.acceptor.Fail(conn.RemoteAddr(), err)
		}
	}
}
