package htrace

import (
	"cmp"
	"iter"
	"slices"

	"github.com/handletrace/handletrace/minidump"
)

// What detectors of one's own may ask an analysis. Those of this package see
// more of its inside, for speed alone.

// Trace returns what is analysed. It is not to be changed.
func (a *Analysis) Trace() *Trace { return a.trace }

// Code returns what names the addresses of the stacks; never nil.
func (a *Analysis) Code() Code { return a.code }

// Dump returns the dump that the trace is from, and nil for a transcript.
func (a *Analysis) Dump() *minidump.File { return a.opts.Dump }

// Lifetimes yields the lives of all objects, in the order of
// [Trace.Lifetimes].
func (a *Analysis) Lifetimes() iter.Seq[Lifetime] {
	return func(yield func(Lifetime) bool) { a.trace.yieldLifetimes(a.histories, yield) }
}

// Site is a place in the code that opens, uses or closes handles: the
// innermost frame of a stack that is responsible for what it does, and not the
// system's, a runtime's or a helper's that acts for others. Two sites of one
// analysis are equal if they are the same place.
type Site struct{ id siteID }

// Site returns the place of an operation of the trace.
func (a *Analysis) Site(op *Operation) Site { return Site{a.site(a.position(op))} }

// Where returns the responsible frame of an operation of the trace: that of
// its Site. It is empty where no stack was recorded.
func (a *Analysis) Where(op *Operation) Frame { return a.where(a.position(op)) }

// Frames returns all frames of an operation, innermost first.
func (a *Analysis) Frames(op *Operation) []Frame { return a.trace.Frames(op, a.code) }

// Usual returns how many objects that were opened at one place are closed at
// another in this trace. Code that works does the same again and again.
func (a *Analysis) Usual(open, close Site) int { return a.usage.pair(open.id, close.id) }

// IsClose reports whether an operation tried to close its handle, as a bad
// reference may have done.
func (a *Analysis) IsClose(op *Operation) bool { return a.isClose(a.position(op)) }

// NewFinding returns a finding about an operation, of an object that counts
// once: the caller fills in what else it knows.
func (a *Analysis) NewFinding(r Rule, c Confidence, culprit *Operation, message string) Finding {
	return Finding{Rule: r, Confidence: c, Value: culprit.Value(), Culprit: culprit, Where: a.Where(culprit), Message: message, Count: 1}
}

// position returns the place of an operation in the trace. One that is not of
// the trace counts as the last.
func (a *Analysis) position(op *Operation) int32 {
	ops := a.trace.Operations
	i, _ := slices.BinarySearchFunc(ops, op.Index, func(o Operation, index int) int {
		if a.trace.Order == NewestFirst {
			return cmp.Compare(index, o.Index)
		}
		return cmp.Compare(o.Index, index)
	})
	return int32(min(i, len(ops)-1))
}
