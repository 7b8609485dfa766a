//go:build !unix

package output

import (
	"io/fs"
	"os"
)

// keepOwner does nothing here.
func keepOwner(*os.File, fs.FileInfo) {}
