//go:build !unix

package eventloop

// A spare does nothing here: no limit on open files is known.
type spare struct{}

func newSpare() *spare { return &spare{} }

func (*spare) hold()    {}
func (*spare) release() {}
func (*spare) close()   {}
