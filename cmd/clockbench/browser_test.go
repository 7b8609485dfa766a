package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/url"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// An action is something done in the browser.
type action = chromedp.Action[chromedp.Void]

// A browser has the explorer page open.
type browser struct {
	ctx  context.Context
	file string // of the page
	page string // its address

	mu     sync.Mutex // guards events
	events []string   // that are not to be
}

// openExplorer makes the page with the command and starts a browser. If there
// is none, it skips the test.
func openExplorer(t *testing.T) *browser {
	t.Helper()
	path := findBrowser(t)
	page := filepath.Join(t.TempDir(), "explorer.html")
	var stderr bytes.Buffer
	if code := run(t.Context(), []string{"report", "-html", page, measuredFile}, io.Discard, &stderr); code != 0 {
		t.Fatalf("exit code %d: %s", code, &stderr)
	}

	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.UserDataDir(t.TempDir()), chromedp.NoSandbox, chromedp.DisableGPU)
	for _, flag := range []string{"disable-quic", "disable-component-update"} {
		options = append(options, chromedp.Flag(flag, true))
	}
	b := &browser{file: page, page: (&url.URL{Scheme: "file", Path: "/" + strings.TrimPrefix(filepath.ToSlash(page), "/")}).String()}
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewExecAllocator(ctx, options...)
	t.Cleanup(cancel)
	b.ctx, _ = chromedp.NewContext(ctx, chromedp.WithListener(b.listen))
	t.Cleanup(func() {
		if err := chromedp.Cancel(b.ctx); err != nil { // closes the browser, and waits for it
			t.Error(err)
		}
	})
	b.do(t,
		send(network.Enable, network.EnableParams{}),
		send(log.Enable, cdp.Empty{}),
		chromedp.EmulateViewport(1280, 900))
	return b
}

func findBrowser(t *testing.T) string {
	t.Helper()
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	t.Skip("there is no Chromium to show the page in: install chromium")
	return ""
}

// listen notes what the page says to the console, and what it asks of the
// network.
func (b *browser) listen(event any) {
	var text string
	switch e := event.(type) {
	case *runtime.EventConsoleAPICalled:
		text = fmt.Sprintf("console %s", e.Type)
		for _, arg := range e.Args {
			text += " " + string(arg.Value)
		}
	case *runtime.EventExceptionThrown:
		text = e.ExceptionDetails.Text
	case *log.EventEntryAdded:
		// What an address has for a number and is none, the browser tells, too.
		if !strings.HasPrefix(e.Entry.Text, "The specified value ") {
			text = e.Entry.Text
		}
	case *network.EventRequestWillBeSent:
		if e.Request.URL != b.page && e.Request.URL != "data:," {
			text = "asked for " + e.Request.URL
		}
	}
	if text != "" {
		b.mu.Lock()
		defer b.mu.Unlock()
		b.events = append(b.events, text)
	}
}

func (b *browser) unwanted() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.events
}

func (b *browser) do(t *testing.T, actions ...action) {
	t.Helper()
	if err := chromedp.Do(b.ctx, actions...); err != nil {
		t.Fatal(err)
	}
}

// get returns what an action does.
func get[T any](t *testing.T, b *browser, a chromedp.Action[T]) T {
	t.Helper()
	value, err := chromedp.Run(b.ctx, a)
	if err != nil {
		t.Fatal(err)
	}
	return value
}

// open opens the page afresh, and waits until it shows a plan.
func (b *browser) open(t *testing.T, fragment string) {
	t.Helper()
	b.do(t, chromedp.Navigate("about:blank"), chromedp.Navigate(b.page+"#"+fragment))
	b.await(t, pageResult, true)
}

// await waits until the expression has the value, and reports whether it had it
// in time.
func (b *browser) await(t *testing.T, expression string, want any) bool {
	t.Helper()
	for deadline := time.Now().Add(20 * time.Second); ; time.Sleep(5 * time.Millisecond) {
		got := get(t, b, chromedp.Evaluate[any](expression))
		if got == want {
			return true
		}
		if time.Now().After(deadline) {
			t.Errorf("%s is %v, want %v", expression, got, want)
			return false
		}
	}
}

// slider is the selector of the slider beside an input.
func slider(id string) string { return fmt.Sprintf("[data-of=%s]", id) }

func focus(selector string) action { return chromedp.Focus(chromedp.CSS(selector)) }

// keys presses keys.
func keys(keys ...string) action { return chromedp.KeyEvent(strings.Join(keys, "")) }

// enter types a number in place of another one.
func enter(id, text string) action {
	selection := fmt.Sprintf(`document.getElementById(%q).focus(), document.getElementById(%[1]q).select()`, id)
	return chromedp.Steps(chromedp.Evaluate[chromedp.Void](selection), keys(kb.Delete, text, kb.Tab))
}

// send is an action that is a single command of the protocol.
func send[P any](c cdp.Command[P, cdp.Empty], params P) action {
	return chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		_, err := cdp.Call(ctx, target, c, params)
		return err
	})
}
