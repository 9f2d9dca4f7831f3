package main

import (
	"os"
	"path/filepath"
	"strings"
)

// expand replaces names with * or ? that no file has by the files that they
// stand for: shells of Windows leave that to the program. A name that stands
// for nothing stays, so that its error names it.
func expand(names []string) []string {
	var list []string
	for _, name := range names {
		if _, err := os.Lstat(name); err != nil && strings.ContainsAny(name, "*?") {
			if files, err := filepath.Glob(name); err == nil && len(files) > 0 {
				list = append(list, files...)
				continue
			}
		}
		list = append(list, name)
	}
	return list
}
