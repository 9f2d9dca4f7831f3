package symstore

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
)

// Netrc reads a netrc file, as curl and git do, and returns what it says of
// hosts, for [Options.Credentials]. It knows machine, default, login and
// password; macros are left out.
func Netrc(path string) (func(host string) (user, password string, ok bool), error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	entries := parseNetrc(string(text))
	return func(host string) (string, string, bool) {
		for _, e := range entries {
			if e.host == "" || strings.EqualFold(e.host, host) {
				return e.user, e.password, true
			}
		}
		return "", "", false
	}, nil
}

// NetrcPath returns where the netrc file is: where the variable NETRC says,
// else in the user's home.
func NetrcPath(getenv func(string) string) string {
	if path := getenv("NETRC"); path != "" {
		return path
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return ""
	}
	if runtime.GOOS == "windows" {
		return filepath.Join(home, "_netrc")
	}
	return filepath.Join(home, ".netrc")
}

// netrcEntry is what a file says of a host; of all others where that is empty.
type netrcEntry struct{ host, user, password string }

func parseNetrc(text string) []netrcEntry {
	var list []netrcEntry
	macro := false
	for line := range strings.Lines(text) {
		words := strings.Fields(line)
		switch {
		case len(words) == 0:
			macro = false // an empty line ends a macro
			continue
		case macro, strings.HasPrefix(words[0], "#"):
			continue
		case words[0] == "macdef":
			macro = true
			continue
		}
		list = netrcLine(list, words)
	}
	return list
}

// netrcLine adds what one line says. An entry may go on over several lines.
func netrcLine(list []netrcEntry, words []string) []netrcEntry {
	for i := 0; i < len(words); i++ {
		if words[i] == "default" {
			list = append(list, netrcEntry{})
			continue
		}
		if i+1 == len(words) {
			break
		}
		value := words[i+1]
		switch words[i] {
		case "machine":
			list = append(list, netrcEntry{host: value})
		case "login":
			if len(list) > 0 {
				list[len(list)-1].user = value
			}
		case "password":
			if len(list) > 0 {
				list[len(list)-1].password = value
			}
		}
		i++
	}
	return list
}
