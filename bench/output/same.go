package output

import (
	"os"
	"path/filepath"
)

// Same reports whether two paths are of the same file, by whatever links, or
// would be if it was there.
func Same(a, b string) bool {
	aInfo, aErr := os.Stat(a)
	bInfo, bErr := os.Stat(b)
	if aErr == nil && bErr == nil {
		return os.SameFile(aInfo, bInfo)
	}
	return aErr != nil && bErr != nil && place(a) == place(b)
}

// place returns the absolute path of a file that is not there, the links on the
// way to it followed.
func place(path string) string {
	dir, name := filepath.Split(path)
	if real, err := filepath.EvalSymlinks(filepath.Clean(dir)); err == nil {
		dir = real
	}
	if abs, err := filepath.Abs(dir); err == nil {
		dir = abs
	}
	return filepath.Join(dir, name)
}
