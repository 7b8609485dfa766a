// Package slowtest leaves out the tests that make go test ./... take longer than
// anybody likes to wait, unless they are asked for:
//
//	go test -tags slow ./...
package slowtest

import "testing"

// Skip skips a slow test that was not asked for.
func Skip(t *testing.T) {
	t.Helper()
	if !Wanted {
		t.Skip("slow: go test -tags slow runs it")
	}
}
