package main

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// testBlocked opens the page where servers and browsers block what it needs: it
// says what is blocked and what to do, and never that it is still loading.
func testBlocked(t *testing.T, b *browser) {
	const (
		static = "This page computes in your browser. If these words stay, its scripts are blocked: "
		noWasm = "WebAssembly is blocked: have the Content-Security-Policy "
		plans  = "With a shared ticker take "
	)
	text, err := os.ReadFile(b.file)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", r.FormValue("type"))
		w.Header().Set("Content-Security-Policy", r.FormValue("policy"))
		w.Write(text)
	}))
	defer server.Close()
	served := func(policy string) string {
		return server.URL + "?" + url.Values{"type": {"text/html"}, "policy": {policy}}.Encode()
	}

	for _, tt := range []struct {
		name, address string
		lacks         string // what is taken from the browser
		want          string // how the verdict begins
	}{
		{"no scripts", served("script-src 'none'"), "", static},
		{"no scripts inside of pages", served("default-src 'self'"), "", static},
		{"a script that is not this one", served("script-src 'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='"), "", static},
		{"a sandbox", served("sandbox"), "", static},
		{"neither scripts nor styles, as Jenkins has it", served("sandbox; default-src 'none'; img-src 'self'; style-src 'self'"), "", static},
		{"no WebAssembly by policy", served("script-src 'unsafe-inline'"), "", noWasm},
		{"a sandbox with scripts", served("sandbox allow-scripts"), "", plans},
		{"trusted types", served("require-trusted-types-for 'script'; trusted-types 'none'"), "", plans},
		{"the policy that is asked for", served("default-src 'none'; script-src 'unsafe-inline' 'wasm-unsafe-eval'; style-src 'unsafe-inline'"), "", plans},
		{"no WebAssembly in the browser", b.page, "WebAssembly", "WebAssembly is switched off in this browser, "},
		{"an old browser", b.page, "DecompressionStream", "The model does not run in this browser (DecompressionStream is not defined): use a newer one, "},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if tt.lacks != "" {
				defer b.without(t, tt.lacks)()
			}
			b.do(t, chromedp.Navigate("about:blank"), chromedp.Navigate(tt.address))
			b.await(t, begins(tt.want), true)
			b.await(t, pageResult, tt.want == plans)
		})
	}

	t.Run("no JavaScript", func(t *testing.T) {
		b.do(t, send(emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true}))
		b.do(t, chromedp.Navigate("about:blank"), chromedp.Navigate(b.page))
		b.await(t, begins(static), true)
		b.do(t, send(emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{}))
	})
	t.Run("no styles", func(t *testing.T) {
		b.do(t, chromedp.Navigate("about:blank"), chromedp.Navigate(served("style-src 'none'")))
		b.await(t, begins(plans), true)
		b.await(t, `document.getElementById("charts").textContent.startsWith("There are no charts, as styles are blocked: ")`, true)
	})
	t.Run("plain text", func(t *testing.T) {
		b.do(t, chromedp.Navigate(server.URL+"?type=text/plain"))
		b.await(t, `document.body.textContent.split("\n")[1].startsWith("<!-- If you can read this, the page was sent as text/plain")`, true)
	})
	t.Run("a model that stops", func(t *testing.T) {
		b.open(t, "")
		b.do(t, chromedp.Evaluate[chromedp.Void](`ask = () => { throw new Error("Go program has already exited") }`))
		b.do(t, enter("clients", "5"))
		b.await(t, pageVerdict, "The model has stopped (Go program has already exited): reload the page, or use clockbench plan in a terminal.")
	})
}

// begins is the expression that the verdict does, so.
func begins(words string) string { return fmt.Sprintf("%s.startsWith(%q)", pageVerdict, words) }

// without takes a global name from all pages, until the function that it returns
// is called.
func (b *browser) without(t *testing.T, name string) (restore func()) {
	t.Helper()
	added := get(t, b, func(ctx context.Context, target *chromedp.Target) (page.AddScriptToEvaluateOnNewDocumentResult, error) {
		return cdp.Call(ctx, target, page.AddScriptToEvaluateOnNewDocument,
			page.AddScriptToEvaluateOnNewDocumentParams{Source: "delete globalThis." + name})
	})
	return func() {
		b.do(t, send(page.RemoveScriptToEvaluateOnNewDocument, page.RemoveScriptToEvaluateOnNewDocumentParams(added)))
	}
}
