package floor

import (
	"testing"
	"time"

	"go.uber.org/goleak"
	"golang.org/x/sys/unix"

	"clock"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// A client that comes in the moment of a tick has that tick's line already.
func TestNewcomerIsNotShownItsTickAgain(t *testing.T) {
	fds, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer unix.Close(fds[1])
	s := &share{ticker: clock.Ticker{Interval: 24 * time.Hour}}
	defer s.close()
	today := s.ticker.Floor(time.Now())
	s.admit(socket(fds[0]))
	if !s.ticker.Floor(time.Now()).Equal(today) {
		t.Skip("it is midnight")
	}
	for _, tt := range []struct {
		tick time.Time
		want int // clients that get the tick's line
	}{
		{today, 0},
		{today, 0},
		{today.AddDate(0, 0, 1), 1},
		{today.AddDate(0, 0, 2), 1},
	} {
		if s.takeIn(tt.tick); len(s.clients) != tt.want {
			t.Errorf("the line of %v goes to %d clients, want %d", tt.tick, len(s.clients), tt.want)
		}
	}
}

// A line that goes out whole to one client, not at all to a full one, and in
// vain to one that is gone: the first two stay, in order.
func TestBroadcastForgetsWhoIsGone(t *testing.T) {
	var here, there [3]int
	for i := range here {
		fds, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_NONBLOCK, 0)
		if err != nil {
			t.Fatal(err)
		}
		here[i], there[i] = fds[0], fds[1]
	}
	const gone, full, lively = 0, 1, 2
	unix.Close(there[gone])
	defer unix.Close(there[full])
	defer unix.Close(there[lively])
	for {
		if _, err := unix.Write(here[full], make([]byte, 1<<10)); err == unix.EAGAIN {
			break
		} else if err != nil {
			t.Fatal(err)
		}
	}

	s := &share{clients: []socket{socket(here[gone]), socket(here[full]), socket(here[lively])}}
	defer s.close()
	s.broadcast([]byte("12:00:00\n"))
	if len(s.clients) != 2 || s.clients[0] != socket(here[full]) || s.clients[1] != socket(here[lively]) {
		t.Errorf("clients %v are left of %v", s.clients, here)
	}
	var buf [16]byte
	if n, err := unix.Read(there[lively], buf[:]); string(buf[:max(n, 0)]) != "12:00:00\n" {
		t.Errorf("the lively client got %q, %v", buf[:max(n, 0)], err)
	}
}
