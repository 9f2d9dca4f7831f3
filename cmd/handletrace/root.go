package main

import (
	"github.com/spf13/cobra"
)

func newRoot(g *globals) *cobra.Command {
	root := &cobra.Command{
		Use:   "handletrace",
		Short: "Find who misused a handle, from a Windows minidump with a handle trace",
		Long: `handletrace reads the handle trace in a Windows minidump, finds double closes,
closes of other code's handles, uses after close and leaks, and names the code
that did it. It runs on any system and needs nothing but the dump.

Exit status: 0 nothing found, 1 misuse found, 2 the work could not be done.`,
		Example: `  handletrace analyze crash.dmp
  handletrace analyze --symbols C:\symbols --handle 0x33c crash.dmp
  handletrace trace --last 20 crash.dmp`,
		Args:          cobra.ArbitraryArgs, // help tells which of them are no commands
		Version:       version(),
		SilenceUsage:  true,
		SilenceErrors: true,
	}
	g.add(root)
	root.AddCommand(newAnalyze(), newDiff(), newTrace(), newInfo(), newSymbolize(), newSymbols(), newUndname(), newMan())
	root.SetFlagErrorFunc(flagError)
	root.SetOut(&g.results) // which the completion command looks at when it is made
	g.help.install(root)
	return root
}
