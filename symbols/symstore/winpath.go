package symstore

import (
	"path/filepath"
	"runtime"
	"strings"
)

// isWindowsPath reports whether a location is a path of Windows: with a drive,
// on a share, or with backslashes.
func isWindowsPath(location string) bool {
	return drive.MatchString(location) || strings.Contains(location, `\`)
}

// mapPath returns the folder of this machine for a location: what the longest
// prefix in the map leads to, else the location itself. It is false for a path
// of Windows that nothing maps, elsewhere than on Windows.
func mapPath(location string, prefixes map[string]string) (string, bool) {
	if target, ok := mapPrefix(location, prefixes); ok {
		return target, true
	}
	return location, runtime.GOOS == "windows" || !isWindowsPath(location)
}

func mapPrefix(location string, prefixes map[string]string) (string, bool) {
	at := components(location)
	best, target := -1, ""
	for prefix, folder := range prefixes {
		p := components(prefix)
		if len(p) > best && len(p) <= len(at) && strings.EqualFold(strings.Join(p, "/"), strings.Join(at[:len(p)], "/")) {
			best, target = len(p), filepath.Join(append([]string{folder}, at[len(p):]...)...)
		}
	}
	for _, c := range at[max(best, 0):] {
		if c == ".." {
			return "", false
		}
	}
	return target, best >= 0
}

// components splits a path of Windows. The two separators of a share's name
// are one component.
func components(path string) []string {
	path = strings.ReplaceAll(path, `\`, "/")
	var out []string
	if strings.HasPrefix(path, "//") {
		out = append(out, "//")
	}
	for c := range strings.SplitSeq(path, "/") {
		if c != "" && c != "." {
			out = append(out, c)
		}
	}
	return out
}
