package main

import (
	"slices"

	"github.com/spf13/cobra"

	"github.com/handletrace/handletrace/htrace"
	"github.com/handletrace/handletrace/report"
)

type traceFlags struct {
	loadFlags
	handle string
	last   int
}

func newTrace() *cobra.Command {
	var flags traceFlags
	cmd := &cobra.Command{
		Use:   "trace FILE",
		Short: "Print the handle operations as !htrace does, the newest first",
		Example: `  handletrace trace crash.dmp
  handletrace trace --handle 0x33c --last 10 crash.dmp`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error { return printTrace(cmd, flags, args[0]) },
	}
	f := cmd.Flags()
	f.StringVar(&flags.handle, "handle", "", "only this handle, as in 0x33c")
	flags.add(f)
	f.IntVar(&flags.last, "last", 0, "only the newest N operations; 0 for all")
	return cmd
}

func printTrace(cmd *cobra.Command, flags traceFlags, name string) error {
	only, err := parseHandle(flags.handle)
	if err != nil {
		return err
	}
	path, err := flags.symbolFlags.open(cmd)
	if err != nil {
		return err
	}
	defer path.Close()
	in, release, err := load(name, cmd.InOrStdin(), flags.loadFlags, path)
	if err != nil {
		return err
	}
	defer release()
	ops := newest(in.Trace, only, flags.last)
	path.prefetch(cmd.Context(), in.Code, slices.Values(ops))
	return report.WriteHtrace(cmd.OutOrStdout(), in, ops)
}

// newest picks operations, the newest first.
func newest(t *htrace.Trace, only *uint64, last int) []*htrace.Operation {
	var ops []*htrace.Operation
	for i := range slices.Backward(t.Operations) {
		op := &t.Operations[i]
		if only != nil && op.Value() != *only {
			continue
		}
		ops = append(ops, op)
		if len(ops) == last {
			break
		}
	}
	return ops
}
