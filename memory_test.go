package clock

import (
	"math"
	"testing"
)

func TestConnsWithinMemory(t *testing.T) {
	for _, tt := range []struct {
		memory uint64
		want   int
	}{
		{0, 1},
		{reservedMemory, 1}, // a server with no room at all still shows the time to one
		{reservedMemory + 1000*clientMemory, 1000},
		{math.MaxUint64, math.MaxInt32},
	} {
		if got := connsWithin(tt.memory); got != tt.want {
			t.Errorf("connsWithin(%d) = %d, want %d", tt.memory, got, tt.want)
		}
	}
}
