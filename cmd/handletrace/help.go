package main

import (
	"errors"
	"io"

	"github.com/spf13/cobra"
)

// help writes the help of commands: on standard output for who asks for it, on
// standard error for who names no command where one is needed, which fails.
type help struct {
	write func(*cobra.Command, []string) // cobra's
	lost  *cobra.Command                 // the group of which no command was named
	rest  []string                       // what was named instead
}

// install makes h write the help of all commands.
func (h *help) install(root *cobra.Command) {
	h.write = root.HelpFunc()
	root.SetHelpFunc(func(cmd *cobra.Command, args []string) {
		if f := cmd.Flag("help"); cmd.Runnable() || f != nil && f.Changed {
			h.write(cmd, args)
			return
		}
		h.lost, h.rest = cmd, cmd.Flags().Args()
	})
	root.SetHelpCommand(h.command())
	// What cobra adds speaks as all others do.
	root.InitDefaultCompletionCmd()
	completion, _, _ := root.Find([]string{"completion"})
	for _, c := range completion.Commands() {
		c.Args = nothing
		c.Example = "  " + c.CommandPath() + " --output handletrace." + c.Name()
	}
}

// command returns the command that shows help.
func (h *help) command() *cobra.Command {
	return &cobra.Command{
		Use:     "help [COMMAND]",
		Short:   "Show the help of a command",
		Example: "  handletrace help analyze\n  handletrace help symbols fetch",
		ValidArgsFunction: func(cmd *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
			var names []string
			if of, err := named(cmd.Root(), args); err == nil {
				for _, c := range of.Commands() {
					if c.IsAvailableCommand() {
						names = append(names, cobra.CompletionWithDesc(c.Name(), c.Short))
					}
				}
			}
			return names, cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			of, err := named(cmd.Root(), args)
			if err != nil {
				return err
			}
			of.InitDefaultHelpFlag()
			of.InitDefaultVersionFlag()
			h.write(of, nil)
			return nil
		},
	}
}

// named returns the command of a path.
func named(root *cobra.Command, path []string) (*cobra.Command, error) {
	cmd, rest, err := root.Find(path)
	switch {
	case err != nil:
		return nil, err
	case len(rest) > 0:
		return nil, unknownCommand(cmd, rest[0])
	}
	return cmd, nil
}

// misuse returns the error of a command line that names no command where one
// is needed; nil for all others. What there is to choose from goes to stderr.
func (h *help) misuse(stderr io.Writer) error {
	switch {
	case h.lost == nil:
		return nil
	case len(h.rest) > 0:
		return unknownCommand(h.lost, h.rest[0])
	}
	h.lost.SetOut(stderr)
	h.write(h.lost, nil)
	return errors.New("no command is named: take one of those above")
}
