package bench

import (
	"bytes"
	"io"
	"log"
	"net"
	"os"
	"sync"
	"time"
)

// The names of the strangers: servers that this project knows nothing of,
// which the test binary becomes when it is called with a name and an address.
const (
	strange = "clock2"
	greeter = "greeter"
	leaky   = "leaky"
	mortal  = "mortal"
)

// soakInterval is the interval of the strangers that are soaked.
const soakInterval = 100 * time.Millisecond

// strangers returns if this process is none.
func strangers() {
	if len(os.Args) != 3 {
		return
	}
	switch os.Args[1] {
	case strange:
		serveStrange(os.Args[2], handleConn)
	case leaky:
		serveStrange(os.Args[2], leak)
	case mortal:
		time.AfterFunc(5*time.Second, func() { log.Fatal("I have lived") })
		serveStrange(os.Args[2], tick)
	case greeter:
		serveStrange(os.Args[2], func(c net.Conn) {
			io.WriteString(c, "hello\n")
			c.Close()
		})
	}
}

// serveStrange and handleConn are clock2 of the book, section 8.2, as it
// stands there but for the address.
func serveStrange(addr string, handleConn func(net.Conn)) {
	listener, err := net.Listen("tcp", addr)
	if err != nil {
		log.Fatal(err)
	}
	for {
		conn, err := listener.Accept()
		if err != nil {
			log.Print(err)
			continue
		}
		go handleConn(conn)
	}
}

func handleConn(c net.Conn) {
	defer c.Close()
	for {
		_, err := io.WriteString(c, time.Now().Format("15:04:05\n"))
		if err != nil {
			return
		}
		time.Sleep(1 * time.Second)
	}
}

// tick is handleConn at the interval of a soak.
func tick(c net.Conn) {
	defer c.Close()
	for {
		_, err := io.WriteString(c, time.Now().UTC().Format(time.StampMicro+"\n"))
		if err != nil {
			return
		}
		time.Sleep(soakInterval)
	}
}

// leak keeps something of each client: a file and 64 KB.
func leak(c net.Conn) {
	file, err := os.Open(os.DevNull)
	if err != nil {
		log.Fatal(err)
	}
	leaked.Lock()
	leaked.files = append(leaked.files, file)
	leaked.memory = append(leaked.memory, bytes.Repeat([]byte("leak"), 16<<10))
	leaked.Unlock()
	tick(c)
}

var leaked struct {
	sync.Mutex
	files  []*os.File
	memory [][]byte
}
