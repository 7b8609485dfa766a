package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"clock/cmd/internal/terminal"
)

// newView returns the view that suits stdout. If the options say once, it
// calls enough when it has shown that.
func newView(opts options, stdout io.Writer, enough context.CancelFunc) view {
	if opts.once {
		return &once{plain: plain{stdout}, waiting: slices.Clone(opts.clocks), enough: enough}
	}
	if t, ok := terminal.Of(stdout); ok {
		t.WatchResume()
		return &table{out: t}
	}
	return plain{stdout}
}

// plain is a view of lines, one for each piece of news.
type plain struct{ out io.Writer }

func (p plain) tell(c *clock) error {
	_, err := fmt.Fprintf(p.out, "%s %s\n", c.name, c.news())
	return err
}

func (p plain) draw([]*clock, time.Time) error { return nil }

func (p plain) close() error { return nil }

// once is a view of the first news of each clock. Its lines are printed as
// plain ones, the failures are the error of close.
type once struct {
	plain
	waiting  []*clock
	failures []error
	enough   context.CancelFunc
}

func (o *once) tell(c *clock) error {
	i := slices.Index(o.waiting, c)
	if i < 0 {
		return nil
	}
	o.waiting = slices.Delete(o.waiting, i, i+1)
	if len(o.waiting) == 0 {
		o.enough()
	}
	if c.state == running {
		return o.plain.tell(c)
	}
	o.fail(c, c.news())
	return nil
}

func (o *once) close() error {
	for _, c := range o.waiting {
		o.fail(c, "has shown no line")
	}
	return errors.Join(o.failures...)
}

func (o *once) fail(c *clock, what string) {
	o.failures = append(o.failures, fmt.Errorf("%s (%s) %s", c.name, c.address, what))
}
