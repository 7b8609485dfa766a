// Package explorer makes the explorer page: one file of HTML in which people
// move a target's clients, interval, SLO, cores and memory, and see at once the
// plan that clockbench plan makes for it.
//
// The page holds all that it needs, and asks the network for nothing: the
// measurements, and package plan compiled to WebAssembly. So there is one
// implementation of the model. To read it, begin with answer/, what the page
// computes; wasm/ is the WebAssembly around that. target.js reads the form and
// the address, and explorer.js places the answer.
package explorer

import (
	_ "embed"
	"encoding/base64"
	"encoding/json"
	"strings"
	"text/template"

	"clock/bench/explorer/answer"
	"clock/bench/plan"
	"clock/bench/slo"
)

// The module and the script that Go has for such modules are of one version of
// Go, and are made by the test that compares them.
//
//go:generate go test -run=^TestModule -update

// What the page is made of.
var (
	//go:embed explorer.html.tmpl
	markup string
	//go:embed explorer.css
	style string
	//go:embed target.js
	targetScript string
	//go:embed explorer.js
	script string
	//go:embed wasm_exec.js
	runtime string
	//go:embed model.wasm.gz
	module []byte
)

// Page returns the page for the data, which was read from the named files. It
// returns an error if no model can be fitted to the data.
func Page(data plan.Data, files []string) ([]byte, error) {
	source := answer.Source{Files: files, Data: data}
	if _, err := answer.New(source); err != nil {
		return nil, err
	}
	asJSON, err := json.Marshal(source) // with < as \u003c, so that no text in it ends a script
	if err != nil {
		return nil, err
	}
	// The template does not escape. Nothing in it is of the data, but for the JSON.
	t, err := template.New("page").Funcs(template.FuncMap{"percentile": slo.Name}).Parse(markup)
	if err != nil {
		return nil, err
	}
	var b strings.Builder
	err = t.Execute(&b, map[string]any{
		"Style":       style,
		"Runtime":     runtime,
		"Script":      targetScript + script, // one module: neither could import the other from a page
		"Module":      base64.StdEncoding.EncodeToString(module),
		"Source":      string(asJSON),
		"Data":        data,
		"Sliders":     sliders,
		"Others":      others,
		"Percentiles": slo.Percentiles,
	})
	return []byte(b.String()), err
}
