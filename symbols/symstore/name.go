package symstore

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// maxNameLength is in bytes: what common file systems allow, less a little for
// the names of files that are being written.
const maxNameLength = 200

// cleanName returns the file name at the end of a path of the dump, if it is
// one that can do no harm: whoever wrote the dump chose it.
func cleanName(path string) (string, error) {
	name := path[strings.LastIndexAny(path, `\/`)+1:]
	name = strings.TrimRight(name, ". ")
	switch {
	case name == "":
		return "", fmt.Errorf("%q ends with no file name", path)
	case len(name) > maxNameLength:
		return "", fmt.Errorf("a file name of %d bytes, more than %d", len(name), maxNameLength)
	case !utf8.ValidString(name) || strings.ContainsFunc(name, notInNames):
		return "", fmt.Errorf("%q is no plain file name", name)
	case strings.HasPrefix(name, ".."), name[0] == '.' && len(name) < 3:
		// The parts of such a name that stores make folders of lead elsewhere.
		return "", fmt.Errorf("%q is no plain file name", name)
	case isDevice(name):
		return "", fmt.Errorf("%q is the name of a device", name)
	}
	return name, nil
}

// notInNames: a colon begins a drive or an alternate stream; the others are
// wildcards, or Windows has them in no name.
func notInNames(r rune) bool { return r < ' ' || r == 0x7f || strings.ContainsRune(`:*?"<>|`, r) }

// isDevice reports whether Windows takes the name for a device, whatever
// extension it has.
func isDevice(name string) bool {
	stem, _, _ := strings.Cut(strings.ToUpper(name), ".")
	stem = strings.TrimRight(stem, " ")
	switch stem {
	case "CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$", "CLOCK$":
		return true
	}
	port, number := "", ""
	if len(stem) > 3 {
		port, number = stem[:3], stem[3:]
	}
	return (port == "COM" || port == "LPT") && strings.Contains("0 1 2 3 4 5 6 7 8 9 ¹ ² ³", number)
}

// cleanID returns an identifier if it is one: hexadecimal digits.
func cleanID(id string, least int) (string, error) {
	if len(id) < least || len(id) > 64 || strings.Trim(id, "0123456789abcdefABCDEF") != "" {
		return "", fmt.Errorf("%q is no identifier of %d or more hexadecimal digits", id, least)
	}
	return id, nil
}
