package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"
)

// missingFolders says which folders of a symbol path are of no use. Those that
// are mapped to others, stores and servers are not looked at.
func missingFolders(path string, mapped []string) []string {
	var list []string
	for f := range strings.SplitSeq(path, ";") {
		f = strings.TrimSpace(f)
		if f == "" || strings.Contains(f, "*") || strings.Contains(f, "://") || isMapped(f, mapped) {
			continue
		}
		switch info, err := os.Stat(f); {
		case errors.Is(err, fs.ErrNotExist):
			list = append(list, fmt.Sprintf("there is no folder %s", f))
		case err != nil:
			list = append(list, err.Error())
		case !info.IsDir():
			list = append(list, fmt.Sprintf("%s is not a folder: name the one it is in", f))
		}
	}
	return list
}

// isMapped reports whether --map-path names a folder for the path.
func isMapped(path string, mapped []string) bool {
	return slices.ContainsFunc(mapped, func(m string) bool {
		prefix, _, _ := strings.Cut(m, "=")
		return len(path) >= len(prefix) && strings.EqualFold(path[:len(prefix)], prefix)
	})
}
