package explorer_test

import (
	"bytes"
	"compress/gzip"
	"flag"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"clock/internal/slowtest"
)

var update = flag.Bool("update", false, "write the module and its script anew")

// The files that go generate makes.
const (
	moduleFile = "model.wasm.gz" // its comment is the version of Go that made it
	scriptFile = "wasm_exec.js"
)

// TestModuleIsOfThisSource builds the module of the page again, so that it
// cannot be older than the model: one version of Go makes the same of the same
// source.
func TestModuleIsOfThisSource(t *testing.T) {
	built := filepath.Join(t.TempDir(), "model.wasm")
	build := exec.CommandContext(t.Context(), "go", "build", "-trimpath", "-buildvcs=false", "-ldflags=-s -w -buildid=", "-o", built, "./wasm")
	build.Env = append(os.Environ(), "GOOS=js", "GOARCH=wasm", "GOFLAGS=", "GOEXPERIMENT=", "GOWASM=")
	if *update {
		if out, err := build.CombinedOutput(); err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		writeModule(t, read(t, built))
		write(t, scriptFile, script(t))
		return
	}
	slowtest.Skip(t)

	zipped, err := gzip.NewReader(bytes.NewReader(read(t, moduleFile)))
	if err != nil {
		t.Fatal(err)
	}
	module, err := io.ReadAll(zipped)
	if err != nil {
		t.Fatal(err)
	}
	if zipped.Comment != runtime.Version() {
		t.Skipf("%s was built with %s and not with %s", moduleFile, zipped.Comment, runtime.Version())
	}
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	if !bytes.Equal(module, read(t, built)) {
		t.Errorf("%s is not what the source gives now: run go generate ./bench/explorer", moduleFile)
	}
	if !bytes.Equal(read(t, scriptFile), script(t)) {
		t.Errorf("%s is not that of %s: run go generate ./bench/explorer", scriptFile, runtime.Version())
	}
}

func writeModule(t *testing.T, module []byte) {
	t.Helper()
	var b bytes.Buffer
	w, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if err != nil {
		t.Fatal(err)
	}
	w.Comment = runtime.Version()
	if _, err := w.Write(module); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	write(t, moduleFile, b.Bytes())
}

// script is the one that Go has for modules of its version.
func script(t *testing.T) []byte {
	t.Helper()
	root, err := exec.CommandContext(t.Context(), "go", "env", "GOROOT").Output()
	if err != nil {
		t.Fatal(err)
	}
	return read(t, filepath.Join(strings.TrimSpace(string(root)), "lib", "wasm", "wasm_exec.js"))
}

func read(t *testing.T, file string) []byte {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func write(t *testing.T, file string, data []byte) {
	t.Helper()
	if err := os.WriteFile(file, data, 0o644); err != nil {
		t.Fatal(err)
	}
}
