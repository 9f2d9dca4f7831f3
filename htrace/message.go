package htrace

import (
	"fmt"
	"slices"
	"strings"
)

// inOrder returns operations in the order of time.
func (a *Analysis) inOrder(places []int32) []*Operation {
	if len(places) == 0 {
		return nil
	}
	places = slices.Clone(places)
	slices.Sort(places)
	ops := make([]*Operation, len(places))
	for i, p := range places {
		ops[i] = a.trace.at(p)
	}
	return ops
}

// where returns the responsible frame of an operation.
func (a *Analysis) where(i int32) Frame { return a.frameAt(i, int(a.stack(i).owner)) }

// frameAt returns the n-th responsible frame of an operation, the innermost
// first.
func (a *Analysis) frameAt(i int32, n int) Frame {
	info := a.stack(i)
	if n >= len(info.frames) {
		return Frame{}
	}
	addr := a.op(i).Stack[info.frames[n]]
	if frames := a.code.Frames(addr); len(frames) > 0 {
		return frames[0]
	}
	return Frame{Address: addr}
}

// place names the responsible frame of an operation.
func (a *Analysis) place(i int32) string { return placeName(a.where(i)) }

func placeName(f Frame) string {
	switch {
	case f == Frame{}:
		return "code with no recorded stack"
	case f.File != "" && f.Line > 0:
		return fmt.Sprintf("%v (%s:%d)", f, f.File[strings.LastIndexAny(f.File, `\/`)+1:], f.Line)
	}
	return f.String()
}

// who names the thread of an operation.
func (a *Analysis) who(i int32) string {
	if t := a.thread(i); t != 0 {
		return fmt.Sprintf("thread %#x", t)
	}
	return "a thread"
}

func (a *Analysis) explain(in *incident) string {
	switch in.rule {
	case StolenClose:
		return a.explainStolen(in)
	case DoubleClose:
		return a.explainDouble(in)
	case UseAfterClose:
		return a.explainUse(in)
	}
	return a.explainBadReference(in.culprit)
}

func (a *Analysis) explainStolen(in *incident) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s closed handle %#x in %s, but at that time the value belonged to another object, opened by %s in %s.",
		capital(a.who(in.culprit)), in.history.slot.value, a.place(in.culprit), a.who(in.victim), a.place(in.victim))
	if in.first != none {
		fmt.Fprintf(&b, " Its own object under that value had been closed before, in %s; Windows then gave the value out again, and this second close hit the new owner.", a.place(in.first))
	}
	fmt.Fprintf(&b, " %s", a.rests(in))
	return b.String()
}

// evidenceTexts say in words what a wrong close rests on.
var evidenceTexts = []struct {
	e    evidence
	text string
}{
	{closedOwnBefore, "the same code had closed the previous object of this value"},
	{otherwiseClosedElsewhere, "objects opened where the victim was are otherwise closed in other places"},
	{otherwiseNeverClosed, "no other object that was opened where the victim was is closed at all"},
	{otherThread, "the closing thread had owned the previous object, and another thread opened the victim"},
	{ownerFailed, "Windows recorded that the handle was then gone when its owner used or closed it"},
	{ownerHitNext, "the victim's owner then closed the value in its turn and hit the next object"},
	{doneElsewhere, "the same place is caught at it elsewhere in the trace"},
	{wrongKind, "it was closed as the kind of object that the previous one was"},
	{lastFailed, "Windows recorded that the last one hit in this way found its handle gone"},
}

func (a *Analysis) rests(in *incident) string {
	var parts []string
	for _, t := range evidenceTexts {
		if in.evidence.has(t.e) {
			parts = append(parts, t.text)
		}
	}
	return "Evidence: " + strings.Join(parts, "; ") + "."
}

func (a *Analysis) explainDouble(in *incident) string {
	s := fmt.Sprintf("%s closed handle %#x in %s, but it was already closed, by %s in %s, and nothing had the value at that time.",
		capital(a.who(in.culprit)), in.history.slot.value, a.place(in.culprit), a.who(in.first), a.place(in.first))
	if a.op(in.culprit).Kind == KindClose {
		return s + " The trace holds two closes with no open between them; it may have missed one. If the value is given out again between the two, the second close kills somebody else's object."
	}
	return s + " This time the close failed; when the value has been given out again in between, it kills somebody else's object."
}

func (a *Analysis) explainUse(in *incident) string {
	return fmt.Sprintf("%s used handle %#x in %s after %s had closed it in %s. The call failed with an invalid handle; when the value has been given out again, it acts on somebody else's object instead.",
		capital(a.who(in.culprit)), in.history.slot.value, a.place(in.culprit), a.who(in.first), a.place(in.first))
}

func (a *Analysis) explainBadReference(op int32) string {
	o := a.op(op)
	verb := "used"
	if a.isClose(op) {
		verb = "closed"
	}
	s := fmt.Sprintf("%s %s %#x in %s, which was no open handle.", capital(a.who(op)), verb, o.Handle, a.place(op))
	for _, k := range suspiciousValues {
		if k.is(o.Handle) {
			return s + " " + k.advice
		}
	}
	return s + " The trace holds no earlier close of this value: it was closed before the trace begins, or the value was never a handle."
}

// suspiciousValues tell by themselves where they come from.
var suspiciousValues = []struct {
	is     func(uint64) bool
	advice string
}{
	{func(h uint64) bool { return h == 0 }, "It is NULL: look for a failed open whose result was not checked, or a handle cleared too early."},
	{func(h uint64) bool { return h == 1<<64-1 || h == 1<<32-1 }, "It is INVALID_HANDLE_VALUE: look for a failed CreateFile whose result was not checked."},
	{isPseudo, "It is a pseudo handle such as GetCurrentProcess returns, which is never closed."},
	{isFill, "The value is a fill pattern of a debugging heap or compiler: the variable was not initialised, or its memory was freed."},
	{func(h uint64) bool { return h&^0xff == 0x80000000 }, "It is a predefined registry key such as HKEY_LOCAL_MACHINE."},
	{func(h uint64) bool { return h < 64 && h&tagBits != 0 }, "The value looks like a C runtime file descriptor passed as a handle."},
	{func(h uint64) bool { return h > 1<<32 }, "The value looks like an address: the variable was not initialised, or holds something else."},
}

// isFill reports whether all bytes are one of the patterns that debuggers and
// heaps fill memory with.
func isFill(h uint64) bool {
	for _, p := range []uint64{0xcdcdcdcd, 0xcccccccc, 0xdddddddd, 0xfeeefeee, 0xdeadbeef, 0xbaadf00d, 0xabababab, 0xfdfdfdfd} {
		if h == p || h == p<<32|p {
			return true
		}
	}
	return false
}

func (a *Analysis) explainWrongClose(h *history, l *lifetime, f *family) string {
	return fmt.Sprintf("%s closed handle %#x with CloseHandle in %s, but it was %s, opened in %s, which only %s closes. %s.",
		capital(a.who(l.close)), h.slot.value, a.place(l.close), f.what, a.place(l.open), f.closer, capital(f.loss))
}

func (a *Analysis) explainMismatch(n int, text string) string {
	values := "handles are"
	if n == 1 {
		values = "handle is"
	}
	return fmt.Sprintf("%d %s %s. The trace does not hold everything that happened to handles, which weakens the other findings.", n, values, text)
}

func capital(s string) string { return strings.ToUpper(s[:1]) + s[1:] }
