package main

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/handletrace/handletrace/htrace"
	"github.com/handletrace/handletrace/report"
)

// analyzer is one run of analyze.
type analyzer struct {
	flags     analyzeFlags
	console   *console
	loader    *loader
	threshold htrace.Confidence // 0 for none
	handle    *uint64           // nil for all
	rules     *rules
	plumbing  []string
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
	if notText[flags.format] && a.console.terminal {
		return nil, fmt.Errorf("--format %s is no text and would upset the terminal: name a file with --output", flags.format)
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
	if a.plumbing, err = flags.plumbingFlag.names(); err != nil {
		return nil, err
	}
	if a.baseline, err = flags.read(); err != nil {
		return nil, err
	}
	if flags.write != "" {
		if err := checkBaseline(flags.write, cmd.Flag("output").Value.String(), args); err != nil {
			return nil, err
		}
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
	write := formats[a.flags.format]
	if a.flags.format == "sarif" {
		write = report.SARIFOptions{SourceRoots: a.flags.sourceRoots}.Write
	}
	return &collected{w: w, write: write}
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
