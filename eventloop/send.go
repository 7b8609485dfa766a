package eventloop

// A sender hands a line to the kernel without blocking, and returns how many
// bytes it took: none, and no error, if the client is slow.
type sender func(c *clientConn, line []byte) (int, error)

// sendPortably sends by gnet alone. gnet keeps what the kernel does not take,
// without a bound; so it is given a line only when it keeps nothing.
func sendPortably(c *clientConn, line []byte) (int, error) {
	if c.OutboundBuffered() > 0 {
		return 0, nil
	}
	return c.Write(line)
}
