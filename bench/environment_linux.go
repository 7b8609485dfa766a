package bench

import (
	"os"
	"runtime"
	"runtime/debug"
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
	congestion, _ := os.ReadFile("/proc/sys/net/ipv4/tcp_congestion_control")
	e.Congest = strings.TrimSpace(string(congestion))
	return e, err
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

// build returns the commit that this program was built from, or its version.
func build() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	version := info.Main.Version
	for _, setting := range info.Settings {
		switch {
		case setting.Key == "vcs.revision":
			version = setting.Value
		case setting.Key == "vcs.modified" && setting.Value == "true":
			version += " and changes"
		}
	}
	return version
}
