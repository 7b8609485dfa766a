package main

import (
	"strings"
	"testing"
	"time"
)

// TestProcessesShareAPort connects until it has met both, which the kernel
// chooses from at random. That one process may not have the port of another is
// in TestBadInputIsOneLine.
func TestProcessesShareAPort(t *testing.T) {
	one := start(t, "-reuseport", "-port=0", "-interval=20ms", "-layout=one 15:04:05")
	two := start(t, "-reuseport", "-addr="+one.addr, "-interval=20ms", "-layout=two 15:04:05")
	met := make(map[string]bool)
	for deadline := time.Now().Add(patience); len(met) < 2; {
		line, err := firstLine("tcp", one.addr)
		if err != nil {
			t.Fatal(err)
		}
		name, _, _ := strings.Cut(line, " ")
		met[name] = true
		if time.Now().After(deadline) {
			t.Fatalf("met only %v", met)
		}
	}
	one.stop(t)
	if line, err := firstLine("tcp", two.addr); err != nil || !strings.HasPrefix(line, "two ") {
		t.Errorf("after the end of the first, a client is told %q, %v", line, err)
	}
	two.stop(t)
}
