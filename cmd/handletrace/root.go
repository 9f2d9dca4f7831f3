package main

import (
	"runtime/debug"

	"github.com/spf13/cobra"
)

func newRoot() *cobra.Command {
	root := &cobra.Command{
		Use:   "handletrace",
		Short: "Find who misused a handle, from a Windows minidump with a handle trace",
		Long: `handletrace reads the handle trace in a Windows minidump, finds double closes,
closes of other code's handles, uses after close and leaks, and names the code
that did it. It runs on any system and needs nothing but the dump.

Exit status: 0 nothing found, 1 misuse found, 2 the work could not be done.`,
		Version:       version(),
		SilenceUsage:  true,
		SilenceErrors: true,
	}
	root.AddCommand(newAnalyze(), newTrace(), newInfo(), newSymbolize(), newSymbols(), newUndname())
	return root
}

// version returns what the go command recorded of the build.
func version() string {
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" {
		return info.Main.Version
	}
	return "(devel)"
}
