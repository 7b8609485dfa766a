//go:build linux && faults

package faults

import (
	"bufio"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// watched is the flag of a clock that tells its metrics.
const watched = "-admin=127.0.0.1:0"

var watching = regexp.MustCompile(`(?m)^clock: .*(http://\S+)/`)

// metric returns the value of a metric, by its name with labels, of a clock that
// was started with watched in the network of this machine.
func (p *process) metric(t *testing.T, name string) float64 {
	t.Helper()
	side := watching.FindStringSubmatch(p.stderr.String())
	if side == nil {
		t.Fatalf("the clock does not say where its metrics are: %s", p.stderr.String())
	}
	client := http.Client{Timeout: patience, Transport: &http.Transport{DisableKeepAlives: true}}
	response, err := client.Get(side[1] + "/metrics")
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	for lines := bufio.NewScanner(response.Body); lines.Scan(); {
		if value, ok := strings.CutPrefix(lines.Text(), name+" "); ok {
			x, err := strconv.ParseFloat(value, 64)
			if err != nil {
				t.Fatal(err)
			}
			return x
		}
	}
	t.Fatalf("the clock has no metric %s", name)
	return 0
}
