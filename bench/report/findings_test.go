package report_test

import (
	"strings"
	"testing"

	"clock/bench/record"
)

// TestFindingsFollowTheData changes the data, and with it what is found.
func TestFindingsFollowTheData(t *testing.T) {
	server := func(c *comparison, name string) *server {
		for i := range c.servers {
			if c.servers[i].Name == name {
				return &c.servers[i]
			}
		}
		panic("no server " + name)
	}
	swap := func(a, b string) func(*comparison) {
		return func(c *comparison) {
			x, y := server(c, a), server(c, b)
			x.Variant, y.Variant = y.Variant, x.Variant
		}
	}
	alike := func(a, b string) func(*comparison) {
		return func(c *comparison) {
			x, y := server(c, a), server(c, b)
			v := x.Variant
			*x = *y
			x.Variant = v
		}
	}
	none := func(*comparison) {}
	tests := []struct {
		name, about string
		change      func(*comparison)
		want        string // part of the finding; "" if there must be none
	}{
		{"floor", "The kernel's part", none, "with the floor, a bare loop of send(2), and 1.50 (1.49–1.52) times that with `goroutine/per-conn`, 1.15 ("},
		{"as cheap as the floor", "The kernel's part", alike("gnet/per-conn", record.FloorName), "no measurable difference with `gnet/per-conn` ("},

		{"gnet cheaper", "CPU, shared ticker", none, "processor time with `gnet/shared`, and 1.14 (1.13–1.16) times that with `goroutine/shared`."},
		{"goroutines cheaper", "CPU, shared ticker", swap("gnet/shared", "goroutine/shared"), "processor time with `goroutine/shared`, and 1.14 ("},
		{"engines alike", "CPU, shared ticker", alike("gnet/shared", "goroutine/shared"), "; no measurable difference with `"},
		{"a slight difference", "CPU, shared ticker", func(c *comparison) {
			c.rounds = 40
			server(c, "goroutine/shared").cpu = 1.01 * server(c, "gnet/shared").cpu
		}, "; a difference of less than 2 % with `goroutine/shared` (1.0"},
		{"per connection", "CPU, ticker per connection", swap("gnet/per-conn", "goroutine/per-conn"), "with `goroutine/per-conn`, and 1.43 ("},
		{"one round", "CPU, ticker per connection", func(c *comparison) { c.rounds = 1 }, ""},

		{"noise", "The kernel's part", func(c *comparison) {
			c.change = func(r *record.Run) {
				if r.Variant == "gnet/shared" && r.Round%2 == 0 {
					r.ServerCPU *= 4
				}
			}
		}, "; too few or too unlike rounds to tell with `gnet/shared` (2.3"},

		{"memory", "Memory", none, "with `gnet/shared`, and 7.76 (7.67–7.86) times that with `goroutine/per-conn`"},
		{"memory alike", "Memory", alike("gnet/shared", "goroutine/per-conn"), "with `gnet/per-conn`, and 7.72 (7.64–7.80) times that with `goroutine/per-conn`, 4.67 (4.61–4.73) with `goroutine/shared` and 7.69"},

		{"lag", "Lag", none, "is 327 ms with `gnet/shared`, and 1.20 ("},
		{"lag swapped", "Lag", swap("gnet/shared", "goroutine/shared"), "with `goroutine/shared`, and 1.2"},
		{"lag grows", "Lag", none, "From 1,000 to 16,000 clients it goes from 24.8 ms to 393 ms with `goroutine/shared`"},
		{"one size", "Lag", func(c *comparison) { c.sizes = c.sizes[:1] }, "times that with `goroutine/shared`."},

		{"burst", "Burst or spread", none, "the p99 of the jitter is 0.13 (0.13–0.14) times that of `goroutine/shared` with `goroutine/per-conn`"},
		{"no spread", "Burst or spread", func(c *comparison) { server(c, "gnet/per-conn").delay = server(c, "gnet/shared").delay / 4 },
			"not measurably different from `gnet/shared` with `gnet/per-conn`"},

		{"drift", "Drift", none, "The book's loop, `goroutine/per-conn`, drifts by 250 µs a tick (250 to 250); of a million ticks its clients are never shown 250."},
		{"no drift", "Drift", func(c *comparison) { server(c, "goroutine/per-conn").drift = 0 }, "The book's loop, `goroutine/per-conn`, has no measurable drift."},

		{"reach", "Reach", none, "Every line that was due came, 10,200,000 in all. None came torn, twice or stale."},
		{"lost lines", "Reach", func(c *comparison) { server(c, "gnet/per-conn").faulty = true },
			"Not every line came: reach is below 1 in 2 places, and worst, 0.9997, of `gnet/per-conn` with 1,000 clients."},
		{"torn lines", "Reach", func(c *comparison) { c.change = func(r *record.Run) { r.Load.Torn = 1 } }, "60 came torn, 0 twice and 0 stale."},

		{"storm", "Connect storm", none, "10,500 a second get their first line with `goroutine/shared`, and 1.41 ("},
		{"no storm", "Connect storm", func(c *comparison) { c.noStorm = true }, ""},

		{"stalled", "Stalled readers", none, "When 10 % of 16,000 clients never read, "},
		{"stalled does harm", "Stalled readers", none, "1.51 (1.49–1.53) with `goroutine/shared`"},
		{"stalled does none", "Stalled readers", func(c *comparison) {
			c.change = func(r *record.Run) { r.Load.Jitter, r.Load.Lag = spread(1e6), spread(1e6) }
		}, "all reading: no measurable difference with `goroutine/per-conn` (1.00, 1.00–1.00)"},

		{"control", "Control", none, "18 of 18 figures show no difference at plain 95 % intervals (chance alone would make about 0.9 differ). " +
			"Corrected for their number (Holm–Bonferroni), none differs: no measurable difference."},
		{"biased control", "Control", func(c *comparison) { server(c, "gnet/shared again").cpu *= 1.3 }, "2 of them differ, so differences of that size elsewhere mean nothing."},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c := ours()
			tt.change(&c)
			got := finding(string(render(t, c.set()).Markdown), tt.about)
			if !strings.Contains(got, tt.want) || (tt.want == "") != (got == "") {
				t.Errorf("finding %q, want one with %q", got, tt.want)
			}
		})
	}
}

// finding returns the finding on a question, or "".
func finding(text, about string) string {
	_, text, _ = strings.Cut(text, "- **"+about+".** ")
	text, _, _ = strings.Cut(text, "\n")
	return text
}
