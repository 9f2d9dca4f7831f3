package main

import (
	"fmt"
	"runtime"
	"runtime/debug"
)

// version returns what the go command recorded of the build.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "(unknown)"
	}
	return describeBuild(info) + fmt.Sprintf(" (%s, %s/%s)", info.GoVersion, runtime.GOOS, runtime.GOARCH)
}

// describeBuild returns the version of a build, and the commit where the
// version does not tell it.
func describeBuild(info *debug.BuildInfo) string {
	v := info.Main.Version
	if v != "" && v != "(devel)" {
		return v
	}
	settings := make(map[string]string)
	for _, s := range info.Settings {
		settings[s.Key] = s.Value
	}
	v = "(devel)"
	if commit := settings["vcs.revision"]; commit != "" {
		v += " " + commit[:min(len(commit), 12)]
		if settings["vcs.modified"] == "true" {
			v += " with changes"
		}
	}
	return v
}
