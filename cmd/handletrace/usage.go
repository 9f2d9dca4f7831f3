package main

import (
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// spoken returns what a user calls a command: its path without the program.
func spoken(cmd *cobra.Command) string {
	_, name, _ := strings.Cut(cmd.CommandPath(), " ")
	return name
}

// seeHelp says where all about a command stands.
func seeHelp(cmd *cobra.Command) string { return "see " + cmd.CommandPath() + " --help" }

// What files are, in errors about their number.
const (
	aTrace = "FILE: a minidump or the text of !htrace, or - for standard input"
	aDump  = "a minidump, or - for standard input"
)

// atLeastOne wants one argument or more.
func atLeastOne(what string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) == 0 {
			return fmt.Errorf("%s needs a %s; %s", spoken(cmd), what, seeHelp(cmd))
		}
		return nil
	}
}

// exactly wants a number of arguments.
func exactly(n int, what string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		switch {
		case len(args) == n:
			return nil
		case len(args) > n:
			return fmt.Errorf("%s takes no more than %s, and %q is one more; %s", spoken(cmd), times(n, "argument"), args[n], seeHelp(cmd))
		}
		return fmt.Errorf("%s needs %s; %s", spoken(cmd), what, seeHelp(cmd))
	}
}

// nothing wants no arguments.
func nothing(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	return fmt.Errorf("%s takes no arguments, and %q is one; %s", spoken(cmd), args[0], seeHelp(cmd))
}

// unknownCommand is the error of a word that should have been a command below
// cmd.
func unknownCommand(cmd *cobra.Command, word string) error {
	cmd.SuggestionsMinimumDistance = 2
	ask := ";"
	if near := cmd.SuggestionsFor(word); len(near) > 0 {
		ask = "; did you mean " + strings.Join(near, " or ") + "?"
	}
	name := strings.TrimSpace(spoken(cmd) + " " + word)
	return fmt.Errorf("there is no command %q%s %s --help lists those that there are", name, ask, cmd.CommandPath())
}

// valueWords say what the values of a kind of flag look like.
var valueWords = map[string]string{
	"int":      "it takes a whole number, as in 20",
	"duration": "it takes a time, as in 30s or 5m",
	"bool":     "it takes true or false, or nothing",
}

// flagError says in our words what is wrong with a flag.
func flagError(cmd *cobra.Command, err error) error {
	// What stands before a flag of a group of commands was meant as a command.
	if rest := cmd.Flags().Args(); !cmd.Runnable() && len(rest) > 0 {
		return unknownCommand(cmd, rest[0])
	}
	var unknown *pflag.NotExistError
	var bare *pflag.ValueRequiredError
	var bad *pflag.InvalidValueError
	switch {
	case errors.As(err, &unknown):
		name := "--" + unknown.GetSpecifiedName()
		if short := unknown.GetSpecifiedShortnames(); short != "" {
			name = "-" + short
		}
		return fmt.Errorf("there is no flag %q here; %s --help lists those that there are", name, cmd.CommandPath())
	case errors.As(err, &bare):
		_, usage := pflag.UnquoteUsage(bare.GetFlag())
		return fmt.Errorf("--%s needs a value: %s", bare.GetFlag().Name, usage)
	case errors.As(err, &bad):
		f := bad.GetFlag()
		return fmt.Errorf("--%s %q: %s; %s", f.Name, bad.GetValue(), valueWords[f.Value.Type()], seeHelp(cmd))
	}
	return fmt.Errorf("%w; %s", err, seeHelp(cmd))
}

// contradictions are flags that exclude each other.
var contradictions = [][2]string{{"quiet", "verbose"}, {"first", "last"}}

// refuseContradictions refuses flags that exclude each other.
func refuseContradictions(flags *pflag.FlagSet) error {
	for _, pair := range contradictions {
		if flags.Changed(pair[0]) && flags.Changed(pair[1]) {
			return fmt.Errorf("--%s and --%s contradict each other: give one of them", pair[0], pair[1])
		}
	}
	return nil
}
