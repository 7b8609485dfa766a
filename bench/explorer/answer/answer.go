// Package answer is what the explorer page computes: for a target, all that the
// page shows, the plan in the words of clockbench plan and the places of all
// that is drawn. It is compiled to WebAssembly by ../model, so that page and
// command have one implementation of the model; the page's script places texts
// and lines, and computes nothing.
package answer

import (
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode"

	"clock/bench/plan"
)

// A Source is what the page carries.
type Source struct {
	Files []string  `json:"files"` // that the data was read from, for the command
	Data  plan.Data `json:"data"`
}

// An Explorer answers what a source has the data for.
type Explorer struct {
	files  []string
	models []plan.Model
}

// New fits the models of the source, once for all questions.
func New(s Source) (*Explorer, error) {
	models, err := plan.Fit(s.Data)
	return &Explorer{s.Files, models}, err
}

// An Answer is what the page shows. If the question makes no sense, there is
// an error and nothing else.
type Answer struct {
	Error   string `json:"error,omitempty"`
	Command string `json:"command,omitempty"` // that answers the same
	Heading string `json:"heading,omitempty"`
	// Unmet says why if no server can meet the target. There is no
	// recommendation then.
	Unmet          string     `json:"unmet,omitempty"`
	Recommendation string     `json:"recommendation,omitempty"`
	Columns        []string   `json:"columns,omitempty"`
	Rows           [][]string `json:"rows,omitempty"`
	Assumptions    []string   `json:"assumptions,omitempty"`
	Charts         []Chart    `json:"charts,omitempty"`
}

// Ask answers a target, written as JSON.
func (e *Explorer) Ask(question []byte) Answer {
	var t plan.Target
	if err := json.Unmarshal(question, &t); err != nil {
		var wrong *json.UnmarshalTypeError
		if errors.As(err, &wrong) {
			err = fmt.Errorf("%s: %s is not a whole number of a size that can be", wrong.Field, strings.TrimPrefix(wrong.Value, "number "))
		}
		return Answer{Error: err.Error()}
	}
	p, err := plan.Make(e.models, t)
	if err != nil {
		return Answer{Error: err.Error()}
	}
	charts, err := e.charts(p)
	if err != nil {
		return Answer{Error: err.Error()}
	}
	a := Answer{
		Command:        command(t, e.files),
		Heading:        p.Heading(),
		Recommendation: p.Recommendation,
		Columns:        plan.Columns[:],
		Assumptions:    p.Assumptions,
		Charts:         charts,
	}
	for _, row := range p.Table() {
		a.Rows = append(a.Rows, row[:])
	}
	if err := p.Unmet(); err != nil {
		a.Unmet = err.Error()
	}
	return a
}

// command is the command line that makes the same plan.
func command(t plan.Target, files []string) string {
	exact := func(x float64) string { return strconv.FormatFloat(x, 'f', -1, 64) }
	args := []string{"clockbench", "plan", fmt.Sprintf("-clients=%d", t.Clients), fmt.Sprintf("-interval=%v", t.Interval)}
	args = append(args, "-slo="+t.SLO.String(), fmt.Sprintf("-cores=%d", t.Box.Cores),
		"-mem="+exact(t.Box.Memory/(1<<30))+"GiB", "-headroom="+exact(t.Headroom))
	if t.Box.Files != plan.DefaultFiles {
		args = append(args, fmt.Sprintf("-files=%d", t.Box.Files))
	}
	if t.Box.TCPMemory > 0 {
		args = append(args, "-tcp-mem="+exact(t.Box.TCPMemory/(1<<30))+"GiB")
	}
	if t.Box.Proxies > 0 {
		args = append(args, fmt.Sprintf("-proxies=%d", t.Box.Proxies))
	}
	if t.Box.Packets > 0 {
		args = append(args, "-nic="+exact(t.Box.Packets)+"/s")
	}
	if t.Extrapolate {
		args = append(args, "-extrapolate")
	}
	for _, file := range files {
		args = append(args, quote(file))
	}
	return strings.Join(args, " ")
}

// quote writes the name of a file so that a shell reads it as one argument, and
// the command does not read it as a flag.
func quote(file string) string {
	if strings.HasPrefix(file, "-") {
		file = "./" + file
	}
	special := func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune("-_./", r)
	}
	if file != "" && !strings.ContainsFunc(file, special) {
		return file
	}
	return "'" + strings.ReplaceAll(file, "'", `'\''`) + "'"
}
