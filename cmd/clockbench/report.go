package main

import (
	"cmp"
	"context"
	"io"

	"clock/bench/explorer"
	"clock/bench/report"
)

const reportUsage = `usage: clockbench report [-o RESULTS.md] [-html explorer.html] FILE.jsonl...

Report writes what the comparisons in the files have shown, with charts beside
it; and, with -html, a page to plan with.

`

// runReport is clockbench report.
func runReport(ctx context.Context, args []string, stdout, _ io.Writer) error {
	flags := newFlags("report")
	out := flags.String("o", "", "`file` for the report, or - for standard output, without charts (default RESULTS.md, or with -html none)")
	page := flags.String("html", "", "`file` for a page in which to explore what clockbench plan says, or - for standard output")
	if err := parseFlags(flags, args, stdout, reportUsage); err != nil {
		return err
	}
	if flags.NArg() == 0 {
		return usageError("no files given: give those that clockbench compare wrote")
	}
	if *page == "" {
		*out = cmp.Or(*out, "RESULTS.md")
	}
	if err := checkOutputs(stdout, flags.Args(), destination{"-o", *out}, destination{"-html", *page}); err != nil {
		return err
	}
	written, err := writeReport(ctx, *out, flags.Args(), stdout)
	if err == nil {
		var also []string
		also, err = writePage(ctx, *page, flags.Args(), stdout)
		written = append(written, also...)
	}
	if *out == toStdout || *page == toStdout {
		return err // what has gone there is not to be mixed with paths
	}
	for _, path := range written {
		if err := show(stdout, []byte(path+"\n")); err != nil {
			return err
		}
	}
	return err
}

// writeReport writes the report of the files, if one is wanted, and returns the
// paths of what it has written.
func writeReport(ctx context.Context, path string, files []string, stdout io.Writer) (written []string, err error) {
	switch path {
	case "":
		return nil, nil
	case toStdout:
		r, err := report.Render(report.Stdout, files)
		if err != nil {
			return nil, err
		}
		return nil, show(stdout, r.Markdown)
	}
	return report.Write(ctx, path, files)
}

// writePage writes the explorer page for the files, if one is wanted, and returns
// the paths of what it has written.
func writePage(ctx context.Context, path string, files []string, stdout io.Writer) (written []string, err error) {
	if path == "" {
		return nil, nil
	}
	data, err := readData(files)
	if err != nil {
		return nil, err
	}
	page, err := explorer.Page(data, files)
	if err != nil {
		return nil, err
	}
	if path == toStdout {
		return nil, show(stdout, page)
	}
	file, err := destination{"-html", path}.open(ctx)
	if err != nil {
		return nil, err
	}
	return []string{path}, file.Write(page)
}
