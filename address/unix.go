package address

import (
	"errors"
	"fmt"
	"runtime"
	"strings"
	"syscall"
)

// maxUnixAddr is the room in bytes for the address of a unix socket (sun_path in
// unix(7)): 108 on Linux and Windows, 104 elsewhere. A path ends with a NUL
// there; the name of an abstract socket begins with one, in place of its @.
const maxUnixAddr = len(syscall.RawSockaddrUnix{}.Path)

// IsAbstract reports whether a unix address is the name of an abstract socket,
// which is in no directory: it is gone when the last process closes it. A file
// of such a name is ./@name.
func IsAbstract(addr string) bool { return strings.HasPrefix(addr, "@") }

// CheckUnix returns an error unless addr can be the address of a unix socket.
func CheckUnix(addr string) error {
	switch {
	case addr == "":
		return errors.New("the address is empty; give the path of a socket")
	case IsAbstract(addr) && runtime.GOOS != "linux":
		return fmt.Errorf("address %q is of an abstract socket, which only Linux has; give a path, such as ./%s", addr, addr)
	case IsAbstract(addr) && len(addr) > maxUnixAddr:
		return fmt.Errorf("name %q is too long: %d bytes, and unix(7) has room for %d with the @", addr, len(addr), maxUnixAddr)
	case !IsAbstract(addr) && len(addr) >= maxUnixAddr:
		return fmt.Errorf("path %q is too long: %d bytes, and unix(7) has room for %d with the NUL at its end, so %d", addr, len(addr), maxUnixAddr, maxUnixAddr-1)
	}
	return nil
}
