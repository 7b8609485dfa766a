package main

import (
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// What the page shows, as expressions.
const (
	pageVerdict = `document.getElementById("verdict").textContent`
	pageCommand = `document.getElementById("command").textContent`
	pageResult  = `document.getElementById("result").checkVisibility()`
	pageIgnored = `document.getElementById("ignored").textContent`
	// pageInvalid are the inputs that are marked, and what is said of them to those
	// who hear it.
	pageInvalid = `[...document.querySelectorAll("[aria-invalid=true]")].map(e => e.id + ": " +
		e.getAttribute("aria-describedby").split(" ").map(id => document.getElementById(id)).filter(e => e.matches(".wrong") && e.checkVisibility()).map(e => e.textContent)).join("\n")`
)

// testWrongTargets types what cannot be.
func testWrongTargets(t *testing.T, b *browser) {
	const count, share = "give a whole number from 1 to 2147483647.", "give a number from 0.1 to 100."
	b.open(t, "")
	b.do(t, chromedp.Click(chromedp.CSS("form summary")))
	for _, tt := range []struct{ input, text, name, want string }{
		{"clients", "-5", "Clients", count},
		{"clients", "", "Clients", count},
		{"clients", "1.5", "Clients", count},
		{"clients", "1e300", "Clients", count},
		{"clients", "1e", "Clients", count},
		{"interval", "0.0001", "A line every", "give a number from 0.001 to 86400."},
		{"slo", "0", "SLO", "give a number from 0.001 to 3600000."},
		{"headroom", "120", "Filled to", share},
		{"headroom", "0", "Filled to", share},
		{"cores", "0", "Cores of a box", "give a whole number from 1 to 1000000."},
		{"memory", "1e300", "Memory of a box", "give a number from 0.001 to 1000000."},
		{"files", "0", "Open files of a process", count},
		{"tcp", "1e300", "TCP memory, GiB", "give a number from 0 to 1000000."},
		{"proxies", "0.5", "Addresses of proxies in front", "give a whole number from 0 to 1000000."},
		{"packets", "-1", "Packets a second of the card", "give a number from 0 to 1000000000000."},
	} {
		before := get(t, b, chromedp.Evaluate[string](fmt.Sprintf(`document.getElementById(%q).value`, tt.input)))
		b.do(t, enter(tt.input, tt.text))
		b.await(t, pageVerdict, tt.name+": "+tt.want)
		b.await(t, pageInvalid, tt.input+": "+tt.want)
		b.await(t, pageResult, false)
		b.do(t, enter(tt.input, before)) // and it goes on
		b.await(t, pageResult, true)
		b.await(t, pageInvalid, "")
	}
}

// testAddressByHand changes the address by hand, while the page is open: what is
// wrong is marked or told, and a right address makes the page right again.
func testAddressByHand(t *testing.T, b *browser) {
	const count = "give a whole number from 1 to 2147483647"
	b.open(t, "")
	for _, tt := range []struct{ fragment, invalid, ignored string }{
		{"clients=abc", "clients: " + count + ", and not “abc”.", ""},
		{"clients=", "clients: " + count + ", and not “”.", ""},
		{"clients=1%2C000", "clients: " + count + ", and not “1,000”.", ""},
		{"clients=0", "clients: " + count + ".", ""},
		{"clients=" + strings.Repeat("9", 500), "clients: " + count + ", and not “" + strings.Repeat("9", 24) + "…”.", ""},
		{"percentile=xyz", "percentile: give one of the percentiles of the list, and not “xyz”.", ""},
		{"extrapolate=1", "extrapolate: give on or off, and not “1”.", ""},
		{"tcp=1e300", "tcp: give a number from 0 to 1000000.", ""},
		{"slo=x&cores=y", "slo: give a number from 0.001 to 3600000, and not “x”.\ncores: give a whole number from 1 to 1000000, and not “y”.", ""},
		{"length=1", "", "“length=1”"},
		{"__proto__=1&constructor=1&toString", "", "“__proto__=1”, “constructor=1”, “toString”"},
		{"item=0&namedItem=0&target=0&verdict=0&=5", "", "“item=0”, “namedItem=0”, “target=0”, 2 more"},
		{"clients=1000000&clients=7", "", "“clients=7”"},
		{"<img src=x onerror=alert(1)>", "", "“<img src=x onerror=alert…”"},
		{"%&%zz=%E2%82", "", "“%”, “%zz=\ufffd”"},
		{"extrapolate=off", "", ""},
	} {
		b.do(t, chromedp.Evaluate[chromedp.Void](fmt.Sprintf(`location.hash = %q`, tt.fragment)))
		told := ""
		if tt.ignored != "" {
			told = "Ignored in the address, as unknown or given before: " + tt.ignored + "."
		}
		b.await(t, pageInvalid, tt.invalid)
		b.await(t, pageIgnored, told)
		b.await(t, pageResult, tt.invalid == "")
		if tt.invalid == "" {
			b.await(t, pageCommand, "clockbench plan "+plain+" "+measuredFile)
		}
		b.do(t, chromedp.Evaluate[chromedp.Void](`location.hash = "clients=2000000"`))
		b.await(t, pageCommand, "clockbench plan "+strings.Replace(plain, "1000000", "2000000", 1)+" "+measuredFile)
		b.await(t, pageInvalid, "")
	}
}

// testLimits sets each input to its limits, and then all of them: the model has
// an answer.
func testLimits(t *testing.T, b *browser) {
	b.open(t, "")
	failed := get(t, b, chromedp.Evaluate[[]string](`(() => {
		const failed = [], inputs = [...document.querySelectorAll("[type=number]")];
		const set = (input, value) => { input.value = value; input.dispatchEvent(new Event("input", { bubbles: true })); };
		const check = () => { if (`+"!"+pageResult+`) failed.push(`+pageVerdict+`); };
		for (const end of ["min", "max"]) {
			for (const input of inputs) {
				const before = input.value;
				set(input, input[end]);
				check();
				set(input, before);
			}
			for (const input of inputs) set(input, input[end]);
			check();
		}
		return failed;
	})()`))
	for _, text := range failed {
		t.Errorf("the model has no answer: %s", text)
	}
}
