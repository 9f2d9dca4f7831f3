package htrace

import (
	"fmt"
	"slices"

	"github.com/handletrace/handletrace/minidump"
)

// AtException returns the failure at which a dump was written: where its
// exception is STATUS_INVALID_HANDLE (0xC0000008), which Windows raises where a
// debugger or Application Verifier asks for it, the newest bad reference of the
// thread that raised it. It returns nil for any other dump, and where the trace
// holds no such operation.
func (t *Trace) AtException(f *minidump.File) *Operation {
	list, err := f.Exceptions()
	if err != nil {
		return nil
	}
	for i := range list {
		if list[i].ExceptionCode == minidump.StatusInvalidHandle {
			return t.lastFailure(list[i].ThreadID)
		}
	}
	return nil
}

// lastFailure returns the newest bad reference of a thread of the process.
func (t *Trace) lastFailure(thread uint32) *Operation {
	for i := len(t.Operations) - 1; i >= 0; i-- {
		if op := &t.Operations[i]; op.Kind == KindBadReference && op.ThreadID == thread && !t.IsForeign(op) {
			return op
		}
	}
	return nil
}

// Involves reports whether an operation is one of the finding's.
func (f *Finding) Involves(op *Operation) bool {
	return op != nil && (f.Culprit == op || f.FirstClose == op || f.Victim == op || slices.Contains(f.Related, op))
}

// bringForward puts the findings that explain the failure at which the dump
// was written before all others, and says so.
func (a *Analysis) bringForward(findings []Finding) {
	if a.opts.Dump == nil {
		return
	}
	op := a.trace.AtException(a.opts.Dump)
	if op == nil {
		return
	}
	for i := range findings {
		if f := &findings[i]; f.Involves(op) {
			f.AtException = true
			f.Message = fmt.Sprintf("The dump was written at this failure: %s stopped with an invalid handle (0xC0000008) at operation #%d, on handle %#x. %s",
				a.who(a.position(op)), op.Index, op.Handle, f.Message)
		}
	}
	slices.SortStableFunc(findings, func(x, y Finding) int {
		switch {
		case x.AtException == y.AtException:
			return 0
		case x.AtException:
			return -1
		}
		return 1
	})
}
