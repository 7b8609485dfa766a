package bench

import (
	"errors"
	"os"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"

	"clock/bench/record"
)

// Environment describes this machine and this build, and says where Compare
// runs its processes: it is what a comparison is recorded with.
func Environment() (e record.Environment, err error) {
	e = record.Environment{OS: runtime.GOOS, Arch: runtime.GOARCH, Go: runtime.Version(), Build: build()}
	if e.ServerCPU, e.FleetCPU, err = processors(); err != nil {
		return e, err
	}
	e.CPUs = len(union(e.ServerCPU, e.FleetCPU))
	e.Namespace = canIsolate()
	var name unix.Utsname
	if err := unix.Uname(&name); err != nil {
		return e, err
	}
	e.Kernel = unix.ByteSliceToString(name.Release[:])
	var files unix.Rlimit
	if err := unix.Getrlimit(unix.RLIMIT_NOFILE, &files); err != nil {
		return e, err
	}
	e.Files = files.Cur
	kilobytes, err := field("/proc/meminfo", "MemTotal:", 1)
	e.Memory = kilobytes << 10
	e.CPU = processorName()
	if _, err := busyTime(union(e.ServerCPU, e.FleetCPU)); errors.Is(err, errNoField) {
		e.OthersUnknown = true
	}
	if err != nil {
		return e, err
	}
	return e, inPlace(e.Namespace, func() error { return network(&e) })
}

// network fills in what the network of this thread gives a server. A new network
// namespace does not have what is set in the one that this process is in.
func network(e *record.Environment) error {
	e.Congest = sysctl("net/ipv4/tcp_congestion_control")
	e.Backlog, _ = strconv.Atoi(sysctl("net/core/somaxconn"))
	return nil
}

// sysctl returns a setting of the kernel, or "" where it has none.
func sysctl(name string) string {
	text, _ := os.ReadFile("/proc/sys/" + name)
	return strings.TrimSpace(string(text))
}

// processorName returns the model of the processor, or "" where the kernel
// does not tell it.
func processorName() string {
	text, _ := os.ReadFile("/proc/cpuinfo")
	for line := range strings.Lines(string(text)) {
		if key, value, ok := strings.Cut(line, ":"); ok && strings.TrimSpace(key) == "model name" {
			return strings.TrimSpace(value)
		}
	}
	return ""
}

// build returns the commit that this program was built from, or the version of
// this module; "" where neither is recorded, as by go run and go test.
func build() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return ""
	}
	return commit(info)
}

// commit returns what a build records as its commit or its version.
func commit(info *debug.BuildInfo) string {
	const noVersion = "(devel)"
	revision, modified := "", ""
	for _, setting := range info.Settings {
		switch {
		case setting.Key == "vcs.revision":
			revision = setting.Value
		case setting.Key == "vcs.modified" && setting.Value == "true":
			modified = record.Modified
		}
	}
	switch {
	case revision != "":
		return revision + modified
	case info.Main.Version != noVersion:
		return info.Main.Version
	}
	return ""
}
