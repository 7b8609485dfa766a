//go:build slow

package slowtest

// Wanted says whether slow tests were asked for.
const Wanted = true
