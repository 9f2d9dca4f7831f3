package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"

	"github.com/handletrace/handletrace/htrace"
	"github.com/handletrace/handletrace/report"
	"github.com/handletrace/handletrace/report/html"
)

// formats are the forms in which analyze reports.
var formats = map[string]func(io.Writer, []report.Input) error{
	"text": report.WriteText,
	"json": report.WriteJSON,
	"html": html.Write,
}

// streaming are those of the formats that take one input after the other, so
// that none is held longer than it must be.
var streaming = map[string]func(*console, io.Writer) report.Writer{
	"text": func(c *console, w io.Writer) report.Writer {
		return report.NewTextWriter(w, report.TextOptions{Color: c.color})
	},
	"json": func(_ *console, w io.Writer) report.Writer { return report.NewJSONWriter(w) },
}

type analyzeFlags struct {
	loadFlags
	ruleFlags
	baselineFlags
	format, failOn, handle string
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
		Args: cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error { return analyze(cmd, flags, args) },
	}
	f := cmd.Flags()
	f.StringVar(&flags.format, "format", "text", "form of the report: "+keysOf(formats))
	f.StringVar(&flags.failOn, "fail-on", "likely", "least confidence that makes the exit status 1: possible, likely, certain or never")
	flags.loadFlags.add(f)
	f.StringVar(&flags.handle, "handle", "", "report on this handle only, as in 0x33c, and tell its whole story")
	flags.ruleFlags.add(f)
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
	ctx, stop := signal.NotifyContext(cmd.Context(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop)
	out := a.output(cmd.OutOrStdout())
	a.fail(a.each(ctx, args, func(in *input) error { return a.use(in, out) }))
	a.fail(out.Close())
	for _, in := range a.held {
		a.fail(in.Close())
	}
	return a.verdict(ctx, len(args))
}

// analyzer is one run of analyze.
type analyzer struct {
	flags     analyzeFlags
	console   *console
	loader    *loader
	threshold htrace.Confidence // 0 for none
	handle    *uint64           // nil for all
	rules     *rules
	baseline  *baseline
	accepted  *baseline // what --write-baseline collects; nil without

	found, done int
	failed      []error
	held        []*input // which the format needs to its end
}

func newAnalyzer(cmd *cobra.Command, flags analyzeFlags, args []string) (*analyzer, error) {
	a := &analyzer{flags: flags, console: consoleOf(cmd)}
	if _, err := pick("format", flags.format, formats); err != nil {
		return nil, err
	}
	if err := onceStdin(args); err != nil {
		return nil, err
	}
	var err error
	if a.threshold, err = parseFailOn(flags.failOn); err != nil {
		return nil, err
	}
	if a.handle, err = parseHandle(flags.handle); err != nil {
		return nil, err
	}
	if a.rules, err = flags.rules(); err != nil {
		return nil, err
	}
	if a.baseline, err = flags.read(); err != nil {
		return nil, err
	}
	if flags.write != "" {
		a.accepted = newBaseline()
	}
	a.loader, err = flags.loader(cmd)
	return a, err
}

// onceStdin refuses standard input that is given twice: it can be read once.
func onceStdin(args []string) error {
	n := 0
	for _, name := range args {
		if name == stdinName {
			n++
		}
	}
	if n > 1 {
		return errors.New("- (standard input) is given more than once, and can be read once only")
	}
	return nil
}

// output returns what writes the reports.
func (a *analyzer) output(w io.Writer) report.Writer {
	if stream, ok := streaming[a.flags.format]; ok {
		return stream(a.console, w)
	}
	return &collected{w: w, write: formats[a.flags.format]}
}

// collected keeps inputs for a format that needs them all at once.
type collected struct {
	w      io.Writer
	write  func(io.Writer, []report.Input) error
	inputs []report.Input
}

func (c *collected) Write(in *report.Input) error {
	kept := *in
	if kept.Trace == nil {
		kept.Trace = &htrace.Trace{} // formats need not expect that there is none
	}
	c.inputs = append(c.inputs, kept)
	return nil
}

func (c *collected) Close() error { return c.write(c.w, c.inputs) }

// use reports an input and counts it for the exit status.
func (a *analyzer) use(in *input, out report.Writer) error {
	switch {
	case in.Err != nil:
		a.fail(in.Err)
	default:
		a.done++
		if a.threshold > 0 && in.Worst() >= a.threshold {
			a.found++
		}
		a.accepted.add(&in.Input)
	}
	if err := a.console.progress.aside(func() error { return out.Write(&in.Input) }); err != nil {
		return err
	}
	if _, streams := streaming[a.flags.format]; !streams {
		a.held = append(a.held, in)
		return nil
	}
	return in.Close()
}

func (a *analyzer) fail(err error) {
	if err != nil {
		a.failed = append(a.failed, err)
	}
}

// verdict is the error that the command ends with.
func (a *analyzer) verdict(ctx context.Context, files int) error {
	if ctx.Err() != nil {
		return fmt.Errorf("interrupted: %d of %d files were done", a.done, files)
	}
	if a.accepted != nil {
		a.fail(a.accepted.save(a.flags.write, len(a.failed) == 0))
	}
	switch {
	case len(a.failed) > 0:
		return errors.Join(a.failed...)
	case a.found > 0 && a.accepted == nil:
		return errFound
	}
	return nil
}
