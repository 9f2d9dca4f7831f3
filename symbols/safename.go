package symbols

import "strings"

// plainName returns the file name at the end of a path of the dump. Whoever
// wrote the dump chose it, so whatever stands before it counts for nothing, and
// a name that means more than a file in a folder is none.
func plainName(path string) string {
	name := path[strings.LastIndexAny(path, `\/`)+1:]
	if strings.Trim(name, ". ") == "" || strings.ContainsFunc(name, isUnsafe) {
		return ""
	}
	return name
}

// isUnsafe: a colon begins a drive or an alternate stream; the others are
// wildcards, or no file system of Windows has them in names.
func isUnsafe(r rune) bool { return r < ' ' || strings.ContainsRune(`:*?"<>|`, r) }

// plainID returns an identifier if it is one: hexadecimal digits.
func plainID(id string) string {
	if strings.ContainsFunc(id, func(r rune) bool { return !strings.ContainsRune("0123456789abcdefABCDEF", r) }) {
		return ""
	}
	return id
}
