package goroutine_test

import (
	"bufio"
	"context"
	"fmt"
	"log"
	"net"
	"time"

	"clock"
	"clock/accept"
	"clock/goroutine"
)

func ExampleServer() {
	ctx, stop := context.WithCancel(context.Background())
	ln, err := accept.Listen(ctx, "tcp", "localhost:0")
	if err != nil {
		log.Fatal(err)
	}
	server := &goroutine.Server{Options: clock.Options{
		// A clock that has stopped, so that the output is known.
		Wall: func(time.Time) time.Time { return time.Date(2026, time.November, 22, 12, 30, 0, 0, time.Local) },
	}}
	served := make(chan error)
	go func() { served <- server.Serve(ctx, ln) }()

	conn, err := net.Dial("tcp", ln.Addr().String())
	if err != nil {
		log.Fatal(err)
	}
	line, err := bufio.NewReader(conn).ReadString('\n')
	fmt.Print(line, err, "\n")
	_ = conn.Close()

	stop()
	fmt.Println(<-served)
	// Output:
	// 12:30:00
	// <nil>
	// <nil>
}
