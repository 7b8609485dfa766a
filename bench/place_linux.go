package bench

import (
	"fmt"
	"os"
	"runtime"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"
)

// inPlace calls f on a thread of its own, in a new network namespace if
// isolated says so. The processes that f starts are in the namespace too, and
// are killed when f returns: the thread that they were started by then ends, and
// what is left in the namespace is killed with it.
func inPlace(isolated bool, f func() error) error {
	result := make(chan error, 1)
	go func() {
		runtime.LockOSThread() // and never unlock: the thread ends with the goroutine
		if isolated {
			if err := isolate(); err != nil {
				result <- fmt.Errorf("cannot make a network namespace: %w", err)
				return
			}
		}
		err := f()
		if isolated {
			endStrays()
		}
		result <- err
	}()
	return <-result
}

// isolate moves this thread to a new network namespace with a loopback.
func isolate() error {
	if err := unix.Unshare(unix.CLONE_NEWNET); err != nil {
		return err
	}
	fd, err := unix.Socket(unix.AF_INET, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return err
	}
	defer unix.Close(fd)
	request, err := unix.NewIfreq("lo")
	if err != nil {
		return err
	}
	request.SetUint16(unix.IFF_UP | unix.IFF_RUNNING)
	return unix.IoctlIfreq(fd, unix.SIOCSIFFLAGS, request)
}

// endStrays kills the processes that are left in the network namespace of this
// thread, such as a server that has left its process group. It looks again until
// there is none, for one may start another meanwhile.
func endStrays() {
	here, err := os.Readlink("/proc/thread-self/ns/net")
	if err != nil {
		return
	}
	for range maxLooks {
		none := true
		for pid := range processes() {
			if there, _ := os.Readlink(fmt.Sprintf("/proc/%d/ns/net", pid)); there == here && pid != os.Getpid() {
				none = unix.Kill(pid, unix.SIGKILL) != nil && none
			}
		}
		if none {
			return
		}
		time.Sleep(time.Millisecond)
	}
}

// maxLooks bounds how often strays are looked for: one that hangs in the kernel
// ends when that lets it go.
const maxLooks = 100

// canIsolate reports whether this process may make network namespaces.
func canIsolate() bool {
	return inPlace(true, func() error { return nil }) == nil
}

// pin moves this thread to the given processors.
func pin(cpus []int) error {
	var set unix.CPUSet
	for _, cpu := range cpus {
		set.Set(cpu)
	}
	return unix.SchedSetaffinity(0, &set)
}

// processors returns those that this process may use, the server's and the
// fleet's: half each, or all of them for both if there is only one.
func processors() (server, fleet []int, err error) {
	var set unix.CPUSet
	if err := unix.SchedGetaffinity(0, &set); err != nil {
		return nil, nil, err
	}
	var all []int
	for cpu := range int(unsafe.Sizeof(set)) * 8 {
		if set.IsSet(cpu) {
			all = append(all, cpu)
		}
	}
	if len(all) < 2 {
		return all, all, nil
	}
	return all[:len(all)/2], all[len(all)/2:], nil
}
