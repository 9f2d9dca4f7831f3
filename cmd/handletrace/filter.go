package main

import (
	"fmt"
	"slices"

	"github.com/spf13/pflag"

	"github.com/handletrace/handletrace/htrace"
	"github.com/handletrace/handletrace/report"
)

// kinds are the values of --kind.
var kinds = map[string]htrace.Kind{
	htrace.KindOpen.String():         htrace.KindOpen,
	htrace.KindClose.String():        htrace.KindClose,
	htrace.KindBadReference.String(): htrace.KindBadReference,
}

// filterFlags pick operations.
type filterFlags struct {
	handle, thread string
	kinds          []string
	sites, modules []string
	oldest, newest int
}

func (l *filterFlags) add(f *pflag.FlagSet) {
	f.StringVar(&l.handle, "handle", "", "only this `HANDLE` in hexadecimal, as !htrace prints it: 33c or 0x33c; 0n828 is decimal")
	f.StringVar(&l.thread, "thread", "", "only the thread of this `ID` in hexadecimal, as !htrace prints it: 1a4 or 0x1a4; 0n420 is decimal")
	f.StringSliceVar(&l.kinds, "kind", nil, "only operations of this `KIND`: "+keysOf(kinds))
	f.StringArrayVar(&l.sites, "site", nil, "only with a frame whose module!function, function or file matches this `PATTERN`")
	f.StringArrayVar(&l.modules, "module", nil, "only with a frame in a module that matches this `PATTERN`")
	f.IntVar(&l.newest, "last", 0, "only the newest `N` operations; 0 for all")
	f.IntVar(&l.oldest, "first", 0, "only the oldest `N` operations; 0 for all")
}

// filter picks operations.
type filter struct {
	handle, thread *uint64
	kinds          []htrace.Kind
	sites, modules []*pattern
	first, last    int // 0 for all
}

// filter reads the flags.
func (l *filterFlags) filter() (*filter, error) {
	f := &filter{first: l.oldest, last: l.newest}
	if f.first < 0 || f.last < 0 {
		return nil, fmt.Errorf("--first and --last count operations: give a number from 1 on, or 0 for all")
	}
	var err error
	if f.sites, err = patterns("site", l.sites); err != nil {
		return nil, err
	}
	if f.modules, err = patterns("module", l.modules); err != nil {
		return nil, err
	}
	if f.handle, err = parseHandle(l.handle); err != nil {
		return nil, err
	}
	if l.thread != "" {
		id, err := parseHex(l.thread)
		if err != nil {
			return nil, fmt.Errorf("--thread %q: give its id in hexadecimal, as in 0x1a4, or in decimal, as in 0n420", l.thread)
		}
		f.thread = &id
	}
	for _, word := range l.kinds {
		k, err := pick("kind", word, kinds)
		if err != nil {
			return nil, err
		}
		f.kinds = append(f.kinds, k)
	}
	return f, nil
}

// pick returns the operations that the filter leaves, the newest first.
func (f *filter) pick(in *report.Input) []*htrace.Operation {
	m := f.matcher(in)
	var ops []*htrace.Operation
	for i := range slices.Backward(in.Trace.Operations) {
		op := &in.Trace.Operations[i]
		if !m.takes(op) {
			continue
		}
		ops = append(ops, op)
		if len(ops) == f.last {
			break
		}
	}
	if f.first > 0 {
		ops = ops[max(len(ops)-f.first, 0):]
	}
	return ops
}

// matcher applies a filter to the operations of one input.
type matcher struct {
	*filter
	in     *report.Input
	stacks map[*uint64]bool // whether a stack matches the patterns
}

func (f *filter) matcher(in *report.Input) *matcher {
	return &matcher{f, in, make(map[*uint64]bool)}
}

func (m *matcher) takes(op *htrace.Operation) bool {
	switch {
	case m.handle != nil && op.Value() != *m.handle:
	case m.thread != nil && uint64(op.ThreadID) != *m.thread:
	case len(m.kinds) > 0 && !slices.Contains(m.kinds, op.Kind):
	default:
		return m.onStack(op)
	}
	return false
}

// onStack reports whether a frame matches one of the patterns for sites, and
// one one of those for modules. Equal stacks of a trace are one slice.
func (m *matcher) onStack(op *htrace.Operation) bool {
	if len(m.sites)+len(m.modules) == 0 {
		return true
	}
	if len(op.Stack) == 0 {
		return false
	}
	if m.in.Trace.IsForeign(op) {
		return m.matches(op)
	}
	key := &op.Stack[0]
	known, ok := m.stacks[key]
	if !ok {
		known = m.matches(op)
		m.stacks[key] = known
	}
	return known
}

func (m *matcher) matches(op *htrace.Operation) bool {
	frames := m.in.Trace.Frames(op, m.in.Code)
	return anyFrame(frames, m.sites, (*pattern).matchesSite) && anyFrame(frames, m.modules, (*pattern).matchesModule)
}

// anyFrame reports whether a frame matches a pattern; without patterns every
// stack does.
func anyFrame(frames []htrace.Frame, list []*pattern, match func(*pattern, htrace.Frame) bool) bool {
	if len(list) == 0 {
		return true
	}
	return slices.ContainsFunc(frames, func(f htrace.Frame) bool {
		return slices.ContainsFunc(list, func(p *pattern) bool { return match(p, f) })
	})
}
