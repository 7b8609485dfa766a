//go:build !unix

package main

import "os"

// Elsewhere there are plain lines: not every console there obeys what a live
// line asks of a terminal.
func isTerminal(*os.File) bool { return false }

func terminalWidth(*os.File) int { return 80 }
