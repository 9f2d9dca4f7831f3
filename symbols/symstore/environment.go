package symstore

import (
	"os"
	"path/filepath"
	"strings"
)

// FromEnvironment returns the symbol path that the variables
// _NT_ALT_SYMBOL_PATH and _NT_SYMBOL_PATH hold, the first of them first. It is
// empty where neither is set. Getenv is os.Getenv, or stands for it.
func FromEnvironment(getenv func(string) string) string {
	var parts []string
	for _, name := range []string{"_NT_ALT_SYMBOL_PATH", "_NT_SYMBOL_PATH"} {
		if v := strings.TrimSpace(getenv(name)); v != "" {
			parts = append(parts, v)
		}
	}
	return strings.Join(parts, ";")
}

// DefaultStore returns the folder of the default store: sym in the folder that
// DBGHELP_HOMEDIR names, else handletrace/sym in the user's folder for caches.
func DefaultStore(getenv func(string) string) (string, error) {
	if home := getenv("DBGHELP_HOMEDIR"); home != "" {
		return filepath.Join(home, "sym"), nil
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", err
	}
	return filepath.Join(cache, "handletrace", "sym"), nil
}
