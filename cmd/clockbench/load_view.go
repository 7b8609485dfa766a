package main

import (
	"fmt"
	"time"

	"clock/bench/load"
)

// A loadView shows how a load goes.
type loadView struct {
	*progress
	config load.Config
	phase  load.Phase
	pace   pace
}

// show is the Watch of a load.
func (v *loadView) show(p load.Progress) {
	rate := v.pace.of(p, time.Now())
	if p.Phase != v.phase && !v.live() {
		v.announce(p)
	}
	v.phase = p.Phase
	if p.Phase != load.Done {
		v.draw(describe(p, rate, time.Now()))
	}
}

// announce tells that a phase begins.
func (v *loadView) announce(p load.Progress) {
	switch p.Phase {
	case load.Connecting:
		v.note("connecting %d clients to %s", v.config.Conns, v.config.Addr)
	case load.WarmingUp:
		v.note("%d clients have their first line; warming up", p.Connected)
	case load.Counting:
		v.note("counting for %v", p.To.Sub(p.From))
	case load.Storming:
		v.note("all clients leave, and come back at once")
	}
}

// describe says in a line how a load goes.
func describe(p load.Progress, linesPerSecond float64, now time.Time) string {
	s := fmt.Sprintf("%s: %d clients, %.0f lines/s", p.Phase, p.Connected, linesPerSecond)
	if p.Phase == load.Counting && p.Reach > 0 {
		s += fmt.Sprintf(", p99 %v, reach %.4g", load.Brief(p.P99), p.Reach)
	}
	if left := p.To.Sub(now); p.Phase == load.Counting && left > 0 {
		s += fmt.Sprintf(", %v left", left.Round(time.Second))
	}
	return s
}

// A pace tells how fast the lines of a run come.
type pace struct {
	at    time.Time
	lines int64
	rate  float64 // a second
}

// of returns the lines per second as of p.
func (k *pace) of(p load.Progress, now time.Time) float64 {
	if p.Lines < k.lines { // another run
		*k = pace{}
	}
	if k.at.IsZero() {
		k.at, k.lines = now, p.Lines
	}
	// Less than that is a change of phase, not a second's report.
	if passed := now.Sub(k.at); passed > 500*time.Millisecond {
		*k = pace{now, p.Lines, float64(p.Lines-k.lines) / passed.Seconds()}
	}
	return k.rate
}
