//go:build !unix

package main

import "os"

// Elsewhere clockwall prints plain lines: not every console there obeys what a
// table asks of a terminal.
func isTerminal(*os.File) bool { return false }

func terminalSize(*os.File) (columns, rows int) { return 80, 24 }
