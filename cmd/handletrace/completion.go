package main

import (
	"strings"

	"github.com/spf13/cobra"
)

// completeWords makes shells complete a flag with a list of words.
func completeWords(cmd *cobra.Command, flag, words string) {
	list := strings.Split(words, ", ")
	// It fails for a flag that is not there, which the tests would show.
	_ = cmd.RegisterFlagCompletionFunc(flag, cobra.FixedCompletions(list, cobra.ShellCompDirectiveNoFileComp))
}
