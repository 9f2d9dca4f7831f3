package main

import (
	"errors"
	"io"

	"github.com/spf13/cobra"

	"github.com/handletrace/handletrace/htrace"
	"github.com/handletrace/handletrace/report"
)

// diffFormats are the forms in which diff reports.
var diffFormats = map[string]func(io.Writer, *report.Difference) error{
	"text": report.WriteDiffText,
	"json": report.WriteDiffJSON,
}

type diffFlags struct {
	loadFlags
	plumbingFlag
	format string
}

func newDiff() *cobra.Command {
	var flags diffFlags
	cmd := &cobra.Command{
		Use:   "diff OLD NEW",
		Short: "Show what was opened between two traces of a process and is still open",
		Long: `Show what was opened between two traces of one process and is still open, by the
place in the code that opened it: what !htrace -snapshot and -diff tell of a live
process, told of two dumps or texts. Of two runs of a program only the places can
be compared: the command says which it is.

Exit status: 0, or 2 where one of the files cannot be read.`,
		Example: `  handletrace diff before.dmp after.dmp
  handletrace diff --symbols C:\symbols --format json monday.dmp friday.dmp`,
		Args: exactly(2, "two files, OLD and NEW: minidumps or texts of !htrace"),
		RunE: stoppable(func(cmd *cobra.Command, args []string) error { return diff(cmd, flags, args[0], args[1]) }),
	}
	f := cmd.Flags()
	f.StringVar(&flags.format, "format", "text", "`FORM` of the report: "+keysOf(diffFormats))
	flags.loadFlags.add(f)
	flags.plumbingFlag.add(f)
	completeWords(cmd, "format", keysOf(diffFormats))
	completeWords(cmd, "order", keysOf(orders))
	return cmd
}

func diff(cmd *cobra.Command, flags diffFlags, oldName, newName string) (err error) {
	write, err := pick("format", flags.format, diffFormats)
	if err != nil {
		return err
	}
	if err := onceStdin([]string{oldName, newName}); err != nil {
		return err
	}
	plumbing, err := flags.plumbingFlag.names()
	if err != nil {
		return err
	}
	l, err := flags.loader(cmd)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, l.Close()) }()
	older, err := l.load(oldName)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, older.Close()) }()
	newer, err := l.load(newName)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, newer.Close()) }()
	l.prefetch(cmd.Context(), older)
	l.prefetch(cmd.Context(), newer)
	d := &report.Difference{Old: &older.Input, New: &newer.Input, Difference: htrace.Diff(older.analysis(plumbing), newer.analysis(plumbing))}
	older.warn()
	newer.warn()
	return write(cmd.OutOrStdout(), d)
}

// analysis prepares the analysis of an input.
func (in *input) analysis(plumbing []string) *htrace.Analysis {
	return htrace.NewAnalysis(in.Trace, htrace.AnalyzeOptions{Code: in.Code, Plumbing: plumbing, Dump: in.dump})
}
