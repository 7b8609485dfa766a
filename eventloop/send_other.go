//go:build !linux

package eventloop

// sendLine sends by gnet, which knows this system.
func sendLine(c *client, line []byte) (int, error) { return sendPortably(c, line) }
