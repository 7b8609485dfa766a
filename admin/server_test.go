package admin_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"go.uber.org/goleak"

	"clock"
	"clock/accept"
	"clock/admin"
)

// Importing gnet starts its worker pool's two goroutines, which never end.
func TestMain(m *testing.M) { goleak.VerifyTestMain(m, goleak.IgnoreCurrent()) }

// A side is an admin server that runs.
type side struct {
	url    string
	client *http.Client
	stop   func()
	served <-chan error
}

// start starts a server, for the time of the test.
func start(t *testing.T, s admin.Server) side {
	t.Helper()
	s.Metrics = admin.NewMetrics("goroutine", complete(t, clock.PerConn))
	ln, err := accept.Listen(t.Context(), "tcp", "localhost:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	served := make(chan error, 1)
	go func() { served <- s.Serve(ctx, ln) }()
	transport := &http.Transport{}
	t.Cleanup(func() { stop(); transport.CloseIdleConnections() })
	return side{
		url:    "http://" + ln.Addr().String(),
		client: &http.Client{Transport: transport, Timeout: patience},
		stop:   stop,
		served: served,
	}
}

// ask sends a request and returns the answer.
func (s side) ask(t *testing.T, method, path string) (code int, body string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, s.url+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := s.client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, string(text)
}

func TestServerAnswers(t *testing.T) {
	s := start(t, admin.Server{})
	tests := []struct {
		method, path string
		code         int
		says         string
	}{
		{"GET", "/", 200, `href="/metrics"`},
		{"GET", "/", 200, `href="/debug/pprof/"`},
		{"GET", "/metrics", 200, "clock_connections 0"},
		{"GET", "/healthz", 200, "ok"},
		{"HEAD", "/healthz", 200, ""},
		{"GET", "/readyz", 200, "ok"},
		{"GET", "/debug/pprof/", 200, "goroutine"},
		{"GET", "/debug/pprof/goroutine?debug=1", 200, "goroutine profile"},
		{"GET", "/debug/pprof/heap?debug=1", 200, "heap profile"},
		{"GET", "/debug/pprof/cmdline", 200, "admin.test"},
		{"GET", "/debug/pprof/symbol", 200, "num_symbols"},
		{"GET", "/debug/pprof/profile?seconds=1", 200, "\x1f\x8b"},
		{"GET", "/debug/pprof/trace?seconds=0.01", 200, "trace"},
		{"GET", "/debug/pprof/cuckoo", 404, "Unknown profile"},
		{"GET", "/metrics/", 404, "not found"},
		{"GET", "/favicon.ico", 404, "not found"},
		{"POST", "/healthz", 405, ""},
		{"POST", "/debug/pprof/symbol", 405, ""},
	}
	for _, tt := range tests {
		if code, body := s.ask(t, tt.method, tt.path); code != tt.code || !strings.Contains(body, tt.says) {
			t.Errorf("%s %s: %d %q, want %d and %q", tt.method, tt.path, code, body, tt.code, tt.says)
		}
	}
}

func TestChecksSayWhy(t *testing.T) {
	var why atomic.Pointer[string]
	check := func() error {
		if text := why.Load(); text != nil {
			return errors.New(*text)
		}
		return nil
	}
	for path, server := range map[string]admin.Server{"/healthz": {Alive: check}, "/readyz": {Ready: check}} {
		s := start(t, server)
		if code, body := s.ask(t, "GET", path); code != 200 || body != "ok\n" {
			t.Errorf("%s: %d %q, want 200", path, code, body)
		}
		text := "it has not had its coffee"
		why.Store(&text)
		if code, body := s.ask(t, "GET", path); code != 503 || body != text+"\n" {
			t.Errorf("%s: %d %q, want 503 and why", path, code, body)
		}
		why.Store(nil)
		if code, _ := s.ask(t, "GET", path); code != 200 {
			t.Errorf("%s: %d after all is well again, want 200", path, code)
		}
	}
}

// TestServerStopsWhileItRecordsAProfile has a profile under way that would take
// ten times as long as the test waits.
func TestServerStopsWhileItRecordsAProfile(t *testing.T) {
	s := start(t, admin.Server{})
	answered := make(chan struct{})
	go func() {
		defer close(answered)
		if resp, err := s.client.Get(s.url + "/debug/pprof/trace?seconds=300"); err == nil {
			_, _ = io.Copy(io.Discard, resp.Body)
			_ = resp.Body.Close()
		}
	}()
	// The goroutines of the server tell when it has begun.
	for deadline := time.Now().Add(patience); ; time.Sleep(time.Millisecond) {
		if _, goroutines := s.ask(t, "GET", "/debug/pprof/goroutine?debug=1"); strings.Contains(goroutines, "pprof.Trace") {
			break
		}
		if time.Now().After(deadline) {
			t.Fatal("no profile is recorded")
		}
	}
	s.stop()
	select {
	case err := <-s.served:
		if err != nil {
			t.Error(err)
		}
	case <-time.After(patience):
		t.Error("the server does not stop")
	}
	<-answered
}

func TestServerLetsSoManyIn(t *testing.T) {
	s := start(t, admin.Server{})
	addr := strings.TrimPrefix(s.url, "http://")
	var refused int
	for range 20 {
		c := dial(t, addr)
		if _, err := io.WriteString(c, "GET /healthz HTTP/1.1\r\nHost: clock\r\n\r\n"); err != nil {
			refused++
			continue
		}
		if line, err := c.ReadString('\n'); err != nil {
			refused++
		} else if line != "HTTP/1.1 200 OK\r\n" {
			t.Errorf("the answer begins with %q", line)
		}
	}
	if refused != 4 {
		t.Errorf("%d of 20 connections were refused, want 4", refused)
	}
}

func TestServeEndsWithItsListener(t *testing.T) {
	ln, err := accept.Listen(t.Context(), "tcp", "localhost:0")
	if err != nil {
		t.Fatal(err)
	}
	_ = ln.Close()
	s := admin.Server{Metrics: admin.NewMetrics("goroutine", complete(t, clock.PerConn))}
	if err := s.Serve(t.Context(), ln); err == nil {
		t.Error("a closed listener is served without an error")
	}
}
