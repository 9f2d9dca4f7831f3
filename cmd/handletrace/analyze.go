package main

import (
	"io"

	"github.com/spf13/cobra"

	"github.com/handletrace/handletrace/report"
	"github.com/handletrace/handletrace/report/html"
	"github.com/handletrace/handletrace/report/pprof"
)

// formats are the forms in which analyze reports.
var formats = map[string]func(io.Writer, []report.Input) error{
	"text":     report.WriteText,
	"json":     report.WriteJSON,
	"html":     html.Write,
	"sarif":    report.WriteSARIF,
	"junit":    report.WriteJUnit,
	"markdown": report.WriteMarkdown,
	"pprof":    pprof.Write,
}

// streaming are those of the formats that take one input after the other, so
// that none is held longer than it must be.
var streaming = map[string]func(*console, io.Writer) report.Writer{
	"text": func(c *console, w io.Writer) report.Writer {
		return report.NewTextWriter(w, report.TextOptions{Color: c.color})
	},
	"json": func(_ *console, w io.Writer) report.Writer { return report.NewJSONWriter(w) },
}

// notText are those of the formats that are no text.
var notText = map[string]bool{"pprof": true}

type analyzeFlags struct {
	loadFlags
	ruleFlags
	baselineFlags
	plumbingFlag
	format, failOn, handle string
	sourceRoots            []string
}

func newAnalyze() *cobra.Command {
	var flags analyzeFlags
	cmd := &cobra.Command{
		Use:   "analyze FILE...",
		Short: "Find the misuse of handles and name the code at fault",
		Long: `Find the misuse of handles in minidumps and in saved texts of !htrace, and name
the code at fault. Several files are worked on at the same time and reported in
the order given; - is standard input.

With --handle the report is on this handle alone, with its whole story: every
object that had the value, who opened and who closed it. A dump that was written
when a thread used an invalid handle (0xC0000008) begins with that failure.

A baseline holds findings that are known and accepted: those in --baseline are
neither reported nor count for the exit status. --write-baseline writes one of
all that was found, which then counts as known.

Exit status: 0 nothing found at or above --fail-on, 1 found, 2 the work could
not be done for one of the files at least.`,
		Example: `  handletrace analyze crash.dmp
  handletrace analyze --symbols C:\symbols crash.dmp
  handletrace analyze --handle 0x33c crash.dmp
  handletrace analyze --format json --output report.json *.dmp
  handletrace analyze --baseline known.json --fail-on likely nightly/*.dmp
  handletrace analyze --disable leak --grade bad-reference=likely crash.dmp`,
		Args: atLeastOne(aTrace),
		RunE: func(cmd *cobra.Command, args []string) error { return analyze(cmd, flags, expand(args)) },
	}
	f := cmd.Flags()
	f.StringArrayVar(&flags.sourceRoots, "source-root", nil, "a folder of sources, as the debug information names it, below which SARIF names files relatively")
	f.StringVar(&flags.format, "format", "text", "`FORM` of the report: "+keysOf(formats))
	f.StringVar(&flags.failOn, "fail-on", "likely", "least `CONFIDENCE` that makes the exit status 1: possible, likely, certain or never")
	flags.loadFlags.add(f)
	f.StringVar(&flags.handle, "handle", "", "report on this `HANDLE` only, in hexadecimal as !htrace prints it (33c or 0x33c; 0n828 is decimal), and tell its whole story")
	flags.ruleFlags.add(f)
	flags.plumbingFlag.add(f)
	flags.baselineFlags.add(f)
	completeWords(cmd, "format", keysOf(formats))
	completeWords(cmd, "fail-on", "possible, likely, certain, never")
	completeWords(cmd, "order", keysOf(orders))
	return cmd
}

func analyze(cmd *cobra.Command, flags analyzeFlags, args []string) error {
	a, err := newAnalyzer(cmd, flags, args)
	if err != nil {
		return err
	}
	// The first interrupt ends the work, and what is done is reported; a second
	// one ends the program.
	defer a.loader.Close()
	ctx, stop := untilInterrupt(cmd.Context())
	defer stop()
	out := a.output(cmd.OutOrStdout())
	err = a.each(ctx, args, func(in *input) error { return a.use(in, out) })
	if err == nil {
		err = out.Close()
	}
	a.fail(err)
	for _, in := range a.held {
		a.fail(in.Close())
	}
	return a.verdict(ctx, len(args))
}
