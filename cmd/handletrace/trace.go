package main

import (
	"errors"
	"io"

	"github.com/spf13/cobra"

	"github.com/handletrace/handletrace/htrace"
	"github.com/handletrace/handletrace/report"
)

// traceFormats are the forms in which trace prints operations.
var traceFormats = map[string]func(io.Writer, *report.Input, []*htrace.Operation) error{
	"htrace": report.WriteHtrace,
	"jsonl":  report.WriteJSONLines,
}

type traceFlags struct {
	loadFlags
	filterFlags
	format string
}

func newTrace() *cobra.Command {
	var flags traceFlags
	cmd := &cobra.Command{
		Use:   "trace FILE",
		Short: "Print the handle operations as !htrace does, the newest first",
		Long: `Print the handle operations of a minidump or of a saved text of !htrace, the
newest first. What is printed in the form of !htrace can be read back in; with
--format jsonl each operation is a JSON object on a line of its own.

The filters are all applied, and --first and --last pick from what they leave.
PATTERN stands for a whole name in any case; * in it is for any characters and ?
for one. --site looks at every frame of a stack: at module!function where the
pattern has a !, else at the function, the source file and its name without
folders. --module looks at the module, with or without its extension.`,
		Example: `  handletrace trace crash.dmp
  handletrace trace --handle 0x33c --last 10 crash.dmp
  handletrace trace --kind bad-reference --thread 0x1a4 crash.dmp
  handletrace trace --site 'legacy!*Close*' --format jsonl crash.dmp
  handletrace trace --module broker --first 20 crash.dmp`,
		Args: exactly(1, "a "+aTrace),
		RunE: stoppable(func(cmd *cobra.Command, args []string) error { return printTrace(cmd, flags, args[0]) }),
	}
	f := cmd.Flags()
	flags.filterFlags.add(f)
	f.StringVar(&flags.format, "format", "htrace", "`FORM` of the operations: "+keysOf(traceFormats))
	flags.loadFlags.add(f)
	completeWords(cmd, "format", keysOf(traceFormats))
	completeWords(cmd, "kind", keysOf(kinds))
	completeWords(cmd, "order", keysOf(orders))
	return cmd
}

func printTrace(cmd *cobra.Command, flags traceFlags, name string) (err error) {
	c := consoleOf(cmd)
	write, err := pick("format", flags.format, traceFormats)
	if err != nil {
		return err
	}
	filter, err := flags.filter()
	if err != nil {
		return err
	}
	l, err := flags.loader(cmd)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, l.Close()) }()
	in, err := l.load(name)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, in.Close()) }()
	if filter.handle != nil && !occurs(in.Trace, *filter.handle) {
		return label(in.src.label, unknownHandle(in.Trace, *filter.handle))
	}
	l.prefetch(cmd.Context(), in)
	ops := filter.pick(&in.Input)
	if len(ops) == 0 {
		c.warn("%s: no operation is what the filters ask for", in.src.label)
	}
	if err := write(cmd.OutOrStdout(), &in.Input, ops); err != nil {
		return err
	}
	in.warn()
	for _, w := range in.Warnings {
		c.warn("%s: %s", in.src.label, w)
	}
	return nil
}
