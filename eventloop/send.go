package eventloop

// A sender hands a line to the kernel without blocking, and returns how many
// bytes it took: none, and no error, if the client is slow.
type sender func(c *client, line []byte) (int, error)

// sendPortably sends by gnet alone, which keeps what the kernel does not take.
func sendPortably(c *client, line []byte) (int, error) {
	c.torn = true // for all that we know
	return c.conn.Write(line)
}
