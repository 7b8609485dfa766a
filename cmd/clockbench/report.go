package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"os"

	"clock/bench/explorer"
	"clock/bench/report"
)

const reportUsage = `usage: clockbench report [-o RESULTS.md] [-html explorer.html] FILE.jsonl...

Report writes what the comparisons in the files have shown, with charts beside
the first of them; and, with -html, a page to plan with.

`

// runReport is clockbench report.
func runReport(_ context.Context, args []string, stdout, _ io.Writer) error {
	flags := newFlags("report")
	out := flags.String("o", "", "`file` for the report (default RESULTS.md, or with -html none)")
	page := flags.String("html", "", "`file` for a page in which to explore what clockbench plan says")
	if err := parseFlags(flags, args, stdout, reportUsage); err != nil {
		return err
	}
	if flags.NArg() == 0 {
		return usageError("no files given: give those that clockbench compare wrote")
	}
	var written []string
	var err error
	if *page == "" || *out != "" {
		written, err = report.Write(cmp.Or(*out, "RESULTS.md"), flags.Args())
	}
	if err == nil && *page != "" {
		if err = writePage(*page, flags.Args()); err == nil {
			written = append(written, *page)
		}
	}
	for _, path := range written {
		if err := show(stdout, []byte(path+"\n")); err != nil {
			return err
		}
	}
	return err
}

// writePage writes the explorer page for the files.
func writePage(path string, files []string) error {
	data, err := readData(files)
	if err != nil {
		return err
	}
	page, err := explorer.Page(data, files)
	if err != nil {
		return err
	}
	if err := os.WriteFile(path, page, 0o644); err != nil {
		return fmt.Errorf("-html cannot be written: %w", err)
	}
	return nil
}
