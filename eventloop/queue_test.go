package eventloop

import "testing"

func TestQueueKeepsItsOrderAndForgetsWhoHasLeft(t *testing.T) {
	var q queue[*client]
	var clients []*client
	for range 1000 {
		c := new(client)
		clients = append(clients, c)
		q.push(c)
		if len(clients)%3 == 0 {
			q.rotate() // the front moves round the ring
		}
	}
	for i, c := range clients {
		c.left = i%2 == 0
	}
	live := q.n
	var want []*client
	for c := range q.all {
		want = append(want, *c)
	}
	if len(want) >= live {
		t.Fatalf("%d of %d in the queue are live, want fewer", len(want), live)
	}
	for _, c := range want {
		got, ok := q.front()
		if !ok || *got != c {
			t.Fatal("front does not follow the order of all")
		}
		q.drop()
	}
	if c, ok := q.front(); ok || q.n != 0 {
		t.Errorf("front of an empty queue = %v, with %d left", c, q.n)
	}
}

func TestQueueOfManyComersAndGoersStaysSmall(t *testing.T) {
	var q queue[*client]
	for range 1_000_000 {
		c := new(client)
		q.push(c)
		c.left = true
	}
	if len(q.ring) > 64 {
		t.Errorf("the ring has %d places for nobody", len(q.ring))
	}
}
