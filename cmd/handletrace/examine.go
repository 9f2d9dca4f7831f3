package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/handletrace/handletrace/htrace"
	"github.com/handletrace/handletrace/minidump"
	"github.com/handletrace/handletrace/report"
)

// examine reads and judges one file. The input that it returns has the error
// of what went wrong.
func (a *analyzer) examine(ctx context.Context, name string) *input {
	in, err := a.loader.load(name)
	if err != nil {
		return failedInput(name, err)
	}
	task := a.console.progress.begin(name)
	defer task.end()
	task.total(in.src.size())
	a.loader.prefetch(ctx, in)
	if err := a.judge(in); err != nil {
		failed := failedInput(name, errors.Join(err, in.Close()))
		failed.Kind = in.Kind
		return failed
	}
	return in
}

func failedInput(name string, err error) *input {
	in := &input{}
	in.Path, in.Err = name, err
	return in
}

// judge fills in what the report says.
func (a *analyzer) judge(in *input) error {
	analysis := htrace.NewAnalysis(in.Trace, htrace.AnalyzeOptions{Code: in.Code, Detectors: a.rules.detectors, Plumbing: a.plumbing, Dump: in.dump})
	in.Findings = a.rules.regrade(analysis.Findings())
	in.Findings, in.Known = a.baseline.split(in.Findings)
	in.Failure = failureOf(in.dump, in.Trace)
	if a.handle != nil {
		if err := a.single(in, analysis, *a.handle); err != nil {
			return label(in.src.label, err)
		}
	} else if f := in.Failure; f != nil && f.Handle != 0 && !slices.ContainsFunc(in.Findings, atException) {
		in.Story = report.NewStory(analysis, f.Handle)
	}
	in.tellSymbols(a.console)
	in.warn()
	a.console.log.Debug("trace analysed", "file", in.Path, "findings", len(in.Findings), "known", len(in.Known), "warnings", len(in.Warnings))
	return nil
}

func atException(f htrace.Finding) bool { return f.AtException }

// single narrows a report to one handle.
func (a *analyzer) single(in *input, analysis *htrace.Analysis, handle uint64) error {
	other := func(f htrace.Finding) bool { return !concerns(&f, handle) }
	in.Findings = slices.DeleteFunc(in.Findings, other)
	in.Known = slices.DeleteFunc(in.Known, other)
	in.Story = report.NewStory(analysis, handle)
	if in.Story.Listed == nil && !occurs(in.Trace, handle) {
		return unknownHandle(in.Trace, handle)
	}
	return nil
}

// concerns reports whether any operation of a finding is on the handle.
func concerns(f *htrace.Finding, value uint64) bool {
	ops := append([]*htrace.Operation{f.Culprit, f.FirstClose, f.Victim}, f.Related...)
	return slices.ContainsFunc(ops, func(op *htrace.Operation) bool { return op != nil && op.Value() == value })
}

func occurs(t *htrace.Trace, value uint64) bool {
	return slices.ContainsFunc(t.Operations, func(op htrace.Operation) bool { return op.Value() == value })
}

// unknownHandle says which handles are near one that does not occur.
func unknownHandle(t *htrace.Trace, handle uint64) error {
	const most = 4
	counts := make(map[uint64]int)
	for i := range t.Operations {
		counts[t.Operations[i].Value()]++
	}
	var near []string
	for _, v := range slices.SortedFunc(maps.Keys(counts), func(a, b uint64) int {
		return cmp.Or(cmp.Compare(distance(a, handle), distance(b, handle)), cmp.Compare(a, b))
	}) {
		if len(near) == most {
			break
		}
		near = append(near, fmt.Sprintf("%#x (%s)", v, times(counts[v], "operation")))
	}
	return fmt.Errorf("handle %#x does not occur in the trace; the nearest that do are %s; the two low bits of a handle are the application's own tag and do not count", handle, strings.Join(near, ", "))
}

func distance(a, b uint64) uint64 { return max(a, b) - min(a, b) }

// failureOf returns the invalid handle at which a dump was written.
func failureOf(f *minidump.File, t *htrace.Trace) *report.Failure {
	if f == nil {
		return nil
	}
	list, err := f.Exceptions()
	if err != nil {
		return nil
	}
	for i := range list {
		if e := &list[i]; e.ExceptionCode == minidump.StatusInvalidHandle {
			failure := &report.Failure{ThreadID: e.ThreadID, Operation: t.AtException(f)}
			if len(e.ExceptionInformation) > 0 {
				failure.Handle = e.ExceptionInformation[0]
			}
			if failure.Operation != nil {
				failure.Handle = failure.Operation.Handle
			}
			return failure
		}
	}
	return nil
}
