// Package admin is the HTTP side of a clock server, for those who keep it
// running:
//
//	/metrics       for Prometheus
//	/healthz       whether the server is alive: 200, or 503 and why not
//	/readyz        whether clients should come: 200, or 503 and why not
//	/debug/pprof/  profiles, as net/http/pprof serves them
//
// The clock knows nothing of it. What it shows comes from the counters of
// [clock.Stats], and from [Metrics], an observer of the lines that are sent:
//
//	server, err := engine.New("gnet", clock.Options{})
//	...
//	metrics := admin.NewMetrics("gnet", server.Options)
//	server.Observer = metrics
//	side := &admin.Server{Metrics: metrics, Alive: server.Alive}
//	go side.Serve(ctx, adminListener)
//	err = server.Serve(ctx, listener)
//
// Nothing here asks who is calling: listen where only those can connect who may
// see it all, the loopback interface.
package admin
