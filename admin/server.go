package admin

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/pprof"
	"time"

	"clock/accept"
)

const (
	// maxConns is the most connections at once. Whoever scrapes needs one, and
	// these come out of the file descriptors that the clock leaves free.
	maxConns = 16

	// A client must send its request within readTimeout, and take the answer
	// within writeTimeout, which net/http/pprof extends by what a profile takes.
	readTimeout  = 5 * time.Second
	writeTimeout = 30 * time.Second

	// idleTimeout is how long a connection may wait for another request: longer
	// than from one scrape to the next, which is a minute by default.
	idleTimeout = 2 * time.Minute

	// maxHeader is the most bytes of a request's header.
	maxHeader = 16 << 10

	// lastAnswers is how long answers under way may take when the server stops.
	lastAnswers = time.Second
)

// A Server is the HTTP side of one clock server.
type Server struct {
	Metrics *Metrics     // at /metrics; required
	Alive   func() error // why /healthz fails, if it does; nil means that it never does
	Ready   func() error // why /readyz fails, if it does; nil means that it never does
	Log     *slog.Logger // nil means no log
}

// Serve serves the clients that come to ln until ctx is done, lets answers
// under way get through, and returns nil. It returns an error if ln fails for
// good. In every case ln is closed when it returns.
func (s *Server) Serve(ctx context.Context, ln net.Listener) error {
	defer func() { _ = ln.Close() }()
	log := s.Log
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	acceptor := accept.New(ctx, ln, accept.Config{MaxConns: maxConns, Log: log})
	server := &http.Server{
		Handler:        s.Handler(),
		ReadTimeout:    readTimeout,
		WriteTimeout:   writeTimeout,
		IdleTimeout:    idleTimeout,
		MaxHeaderBytes: maxHeader,
		BaseContext:    func(net.Listener) context.Context { return ctx }, // ends a profile
		ErrorLog:       slog.NewLogLogger(log.Handler(), slog.LevelWarn),
	}
	err := acceptor.Closed(server.Serve(listener{ln, acceptor}))
	cancel()
	last, done := context.WithTimeout(context.WithoutCancel(ctx), lastAnswers)
	defer done()
	if server.Shutdown(last) != nil {
		_ = server.Close()
	}
	<-acceptor.Empty()
	return err
}

// index is the page at /.
const index = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>clock</title>
<h1>clock</h1>
<ul>
<li><a href="/metrics">/metrics</a>: for Prometheus
<li><a href="/healthz">/healthz</a>: whether the server is alive
<li><a href="/readyz">/readyz</a>: whether clients should come
<li><a href="/debug/pprof/">/debug/pprof/</a>: profiles
</ul>
</html>
`

// Handler answers the requests: only such as change nothing.
func (s *Server) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = io.WriteString(w, index)
	})
	mux.Handle("GET /metrics", s.Metrics.Handler())
	mux.Handle("GET /healthz", check(s.Alive))
	mux.Handle("GET /readyz", check(s.Ready))
	mux.HandleFunc("GET /debug/pprof/", pprof.Index)
	mux.HandleFunc("GET /debug/pprof/cmdline", pprof.Cmdline)
	mux.HandleFunc("GET /debug/pprof/profile", pprof.Profile)
	mux.HandleFunc("GET /debug/pprof/symbol", pprof.Symbol)
	mux.HandleFunc("GET /debug/pprof/trace", pprof.Trace)
	return mux
}

// check answers what a check says: 200, or 503 and the error.
func check(fails func() error) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		if fails != nil {
			if err := fails(); err != nil {
				http.Error(w, err.Error(), http.StatusServiceUnavailable)
				return
			}
		}
		fmt.Fprintln(w, "ok")
	}
}
