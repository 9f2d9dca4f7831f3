package main

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/handletrace/handletrace/htrace"
	"github.com/handletrace/handletrace/report"
)

// formats are the forms in which analyze reports.
var formats = map[string]func(io.Writer, []report.Input) error{
	"text": report.WriteText,
	"json": report.WriteJSON,
}

// orders are the values of --order.
var orders = map[string]htrace.Order{
	"auto":         htrace.OrderUnknown,
	"newest-first": htrace.NewestFirst,
	"oldest-first": htrace.OldestFirst,
}

// keysOf lists the words of a table for help and errors.
func keysOf[V any](table map[string]V) string {
	return strings.Join(slices.Sorted(maps.Keys(table)), ", ")
}

// pick looks a word of the command line up.
func pick[V any](flag, word string, table map[string]V) (V, error) {
	v, ok := table[word]
	if !ok {
		return v, fmt.Errorf("--%s %q: use one of %s", flag, word, keysOf(table))
	}
	return v, nil
}

type analyzeFlags struct {
	loadFlags
	format, failOn, handle string
}

func newAnalyze() *cobra.Command {
	var flags analyzeFlags
	cmd := &cobra.Command{
		Use:   "analyze FILE...",
		Short: "Find the misuse of handles and name the code at fault",
		Example: `  handletrace analyze crash.dmp
  handletrace analyze --format json --fail-on certain *.dmp`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error { return analyze(cmd, flags, args) },
	}
	f := cmd.Flags()
	f.StringVar(&flags.format, "format", "text", "form of the report: "+keysOf(formats))
	f.StringVar(&flags.failOn, "fail-on", "likely", "least confidence that makes the exit status 1: possible, likely, certain or never")
	flags.add(f)
	f.StringVar(&flags.handle, "handle", "", "report on this handle only, as in 0x33c")
	return cmd
}

func analyze(cmd *cobra.Command, flags analyzeFlags, args []string) error {
	write, err := pick("format", flags.format, formats)
	if err != nil {
		return err
	}
	threshold, err := parseFailOn(flags.failOn)
	if err != nil {
		return err
	}
	if _, err := pick("order", flags.order, orders); err != nil {
		return err
	}
	only, err := parseHandle(flags.handle)
	if err != nil {
		return err
	}
	path, err := flags.symbolFlags.open(cmd)
	if err != nil {
		return err
	}
	defer path.Close()
	var inputs []report.Input
	var failed []error
	found := false
	for _, name := range args {
		in, release, err := load(name, cmd.InOrStdin(), flags.loadFlags, path)
		if err != nil {
			failed = append(failed, err)
			continue
		}
		defer release()
		path.prefetch(cmd.Context(), in.Code, eachOperation(in.Trace))
		in.Findings = htrace.Analyze(in.Trace, htrace.AnalyzeOptions{Code: in.Code})
		if only != nil {
			in.Findings = slices.DeleteFunc(in.Findings, func(f htrace.Finding) bool { return !concerns(&f, *only) })
		}
		found = found || threshold > 0 && in.Worst() >= threshold
		inputs = append(inputs, *in)
	}
	if len(inputs) > 0 || len(failed) == 0 {
		failed = append(failed, write(cmd.OutOrStdout(), inputs))
	}
	if err := errors.Join(failed...); err != nil {
		return err
	}
	if found {
		return errFound
	}
	return nil
}

func parseFailOn(word string) (htrace.Confidence, error) {
	if word == "never" {
		return 0, nil
	}
	c, err := htrace.ParseConfidence(word)
	if err != nil {
		return 0, fmt.Errorf("--fail-on %q: use possible, likely, certain or never", word)
	}
	return c, nil
}

// parseHandle reads a handle as debuggers print it: hexadecimal with or
// without 0x. An empty word gives nil.
func parseHandle(word string) (*uint64, error) {
	if word == "" {
		return nil, nil
	}
	digits := strings.TrimPrefix(strings.ToLower(strings.ReplaceAll(word, "`", "")), "0x")
	v, err := strconv.ParseUint(digits, 16, 64)
	if err != nil {
		return nil, fmt.Errorf("--handle %q: give it in hexadecimal, as in 0x33c", word)
	}
	v &^= 3
	return &v, nil
}

// concerns reports whether any operation of a finding is on the handle.
func concerns(f *htrace.Finding, value uint64) bool {
	ops := append([]*htrace.Operation{f.Culprit, f.FirstClose, f.Victim}, f.Related...)
	return slices.ContainsFunc(ops, func(op *htrace.Operation) bool { return op != nil && op.Value() == value })
}
