//go:build js && wasm

// Wasm is what the explorer page runs: it takes the page's data from the global
// variable source, and sets the global function ask, from a target as JSON to
// an answer as JSON. See package answer for both.
package main

import (
	"encoding/json"
	"syscall/js"

	"clock/bench/explorer/answer"
)

func main() {
	var source answer.Source
	if err := json.Unmarshal([]byte(js.Global().Get("source").String()), &source); err != nil {
		panic(err) // the page was made with other code than this
	}
	explorer, err := answer.New(source)
	if err != nil {
		panic(err) // the page was made with data that fits
	}
	js.Global().Set("ask", js.FuncOf(func(_ js.Value, args []js.Value) any {
		text, err := json.Marshal(explorer.Ask([]byte(args[0].String())))
		if err != nil {
			panic(err) // an answer has nothing but texts and places
		}
		return string(text)
	}))
	select {} // ask is there for as long as the page is
}
