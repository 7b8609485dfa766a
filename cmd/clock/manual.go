package main

import (
	_ "embed"
	"fmt"
	"io"
	"strings"
)

// source holds the manual, so that there is one: the package comment is what
// go doc shows and -help prints.
//
//go:embed doc.go
var source string

// printManual writes the manual as a terminal shows one.
func printManual(w io.Writer) {
	_, manual, _ := strings.Cut(source, "/*")
	manual, _, _ = strings.Cut(manual, "*/")
	for line := range strings.Lines(strings.TrimSpace(manual) + "\n") {
		if heading, ok := strings.CutPrefix(line, "# "); ok {
			line = strings.ToUpper(heading)
		}
		fmt.Fprint(w, strings.ReplaceAll(line, "\t", "    "))
	}
}
