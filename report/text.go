package report

import (
	"fmt"
	"io"
	"strings"

	"github.com/handletrace/handletrace/htrace"
)

// maxRelated is how many of the operations that followed the text lists; the
// JSON holds all.
const maxRelated = 4

// maxWarnings is how many warnings the text lists; a damaged file has a
// thousand.
const maxWarnings = 20

// TextOptions are how text looks. The zero value is plain.
type TextOptions struct {
	// Color is whether headings are coloured by ANSI sequences, for terminals.
	Color bool
}

// WriteText writes the inputs for people to read.
func WriteText(w io.Writer, inputs []Input) error {
	return writeAll(NewTextWriter(w, TextOptions{}), inputs)
}

// NewTextWriter returns a writer of reports for people to read. An input with
// an error has none: that is for whoever tells of errors.
func NewTextWriter(w io.Writer, opts TextOptions) Writer {
	return &textReport{lines: newLines(w, opts)}
}

// textReport writes reports of inputs.
type textReport struct {
	*lines
	written bool // whether an input was written
	stacks  stackCache
}

func (t *textReport) Close() error { return t.flush() }

func (t *textReport) Write(in *Input) error {
	if in.Err != nil {
		return nil
	}
	if t.written {
		t.blank()
	}
	t.written = true
	t.stacks = stackCache{} // whose stacks are told apart within a trace
	t.head(in)
	t.failure(in)
	t.findings(in)
	t.story(in)
	if len(in.Notes) > 0 {
		t.blank()
	}
	for _, note := range in.Notes {
		t.wrapped("note: ", note)
	}
	return t.flush()
}

func (t *textReport) head(in *Input) {
	tr := in.Trace
	t.linef("%s: %s, %s (%s, %s, %s), stored %s", in.Path, in.Kind, count(len(tr.Operations), "handle operation"),
		count(tr.Count(htrace.KindOpen), "open"), count(tr.Count(htrace.KindClose), "close"), count(tr.Count(htrace.KindBadReference), "bad reference"),
		strings.ReplaceAll(tr.Order.String(), "-", " "))
	for i, warning := range in.Warnings {
		if i == maxWarnings {
			t.styled(yellow, "warning: and %d more (all in the JSON report)", len(in.Warnings)-i)
			break
		}
		t.styled(yellow, "warning: %s", warning)
	}
}

// failure tells at which failure the dump was written, where no finding does.
func (t *textReport) failure(in *Input) {
	f := in.Failure
	if f == nil {
		return
	}
	for i := range in.Findings {
		if in.Findings[i].AtException {
			return
		}
	}
	text := fmt.Sprintf("The dump was written when thread %#x%s used an invalid handle (0xC0000008).", f.ThreadID, in.named(f.ThreadID))
	switch {
	case f.Operation != nil:
		text += fmt.Sprintf(" Its newest failure in the trace is #%d, on handle %#x.", f.Operation.Index, f.Handle)
	case f.Handle != 0:
		text += fmt.Sprintf(" By the exception it was %#x. The trace holds no failure of that thread.", f.Handle)
	default:
		text += " The trace holds no failure of that thread."
	}
	t.blank()
	t.wrapped("", text)
	t.part(in, "The failure", f.Operation)
	if len(in.Findings) > 0 {
		t.blank()
	}
}

func (t *textReport) findings(in *Input) {
	if len(in.Findings) == 0 {
		t.clean(in)
		return
	}
	t.linef("%s%s", count(len(in.Findings), "finding"), besides(in))
	for i := range in.Findings {
		t.finding(in, i+1, &in.Findings[i])
	}
	t.caveats(in.Findings)
}

// besides counts the findings of the baseline.
func besides(in *Input) string {
	if n := len(in.Known); n > 0 {
		return fmt.Sprintf(" that the baseline does not have, besides %d that it has", n)
	}
	return ""
}

// clean says that there is nothing to report, and what that is worth.
func (t *textReport) clean(in *Input) {
	t.blank()
	caveats := in.Trace.Completeness().Caveats()
	switch {
	case in.Failure != nil && in.Failure.Handle != 0:
		t.linef("Nothing in this trace explains the failure.")
	case in.Story != nil:
		t.linef("No misuse of handle %#x was found in this trace.", in.Story.Value)
	case len(in.Known) > 0:
		t.linef("Nothing was found beyond %s of the baseline.", count(len(in.Known), "finding"))
	case len(caveats) > 0:
		t.linef("No misuse of a handle was found in this trace, but it does not show everything:")
	default:
		t.linef("No misuse of a handle was found in this trace.")
	}
	for _, c := range caveats {
		t.wrapped("   ", c)
	}
}

// caveats tell what the trace lacks that would make the findings surer.
func (t *textReport) caveats(findings []htrace.Finding) {
	said := make(map[string]bool)
	for i := range findings {
		for _, c := range findings[i].Caveats {
			if !said[c] {
				if len(said) == 0 {
					t.blank()
				}
				said[c] = true
				t.wrapped("caveat: ", c)
			}
		}
	}
}

func (t *textReport) finding(in *Input, number int, f *htrace.Finding) {
	t.blank()
	t.styled(confidenceColors[f.Confidence], "%d. %s (%v), handle %#x", number, f.Rule, f.Confidence, f.Value)
	t.wrapped("   ", in.message(f))
	for _, p := range Parts(f) {
		t.part(in, p.Title, p.Operation)
	}
	for i, op := range f.Related {
		if f.Rule == htrace.Leak || i == maxRelated {
			t.blank()
			t.linef("   and %s of the same %s (all in the JSON report)", count(len(f.Related)-i, "more operation"), incidentWord(f.Rule))
			break
		}
		t.part(in, "What followed", op)
	}
}

func incidentWord(r htrace.Rule) string {
	if r == htrace.Leak {
		return "leak"
	}
	return "incident"
}

// part writes an operation with its stack, and nothing for none.
func (t *textReport) part(in *Input, title string, op *htrace.Operation) {
	if op == nil {
		return
	}
	t.blank()
	t.linef("   %s: #%d %s of %#x%s", title, op.Index, op.Kind, op.Handle, in.maker(op))
	t.w.Write(t.stacks.get(in, op, 0, stackText))
}

// stackText returns the lines of a stack. The JSON has the frames that are
// folded too.
func stackText(frames []htrace.Frame) []byte {
	const margin = "      "
	var b []byte
	if n := hiddenFrames(frames); n > 0 {
		b = append(append(append(b, margin...), folded(n)...), '\n')
		frames = frames[n:]
	}
	for _, f := range frames {
		f = elideFrame(f)
		b = append(b, margin...)
		b = append(b, Plain(f.String()+Source(f))...)
		b = append(b, '\n')
	}
	return b
}

// maker says who made an operation, to stand behind it in a line.
func (in *Input) maker(op *htrace.Operation) string {
	var s string
	if op.ThreadID != 0 {
		s = fmt.Sprintf(" by thread %#x", op.ThreadID)
		if !in.Trace.IsForeign(op) {
			s += in.named(op.ThreadID)
		}
	}
	if in.Trace.IsForeign(op) {
		s += fmt.Sprintf(" of another process, %#x, whose code this is not", op.ProcessID)
	}
	return s
}

// named returns the name of a thread in brackets, and nothing without one.
func (in *Input) named(thread uint32) string {
	if name := in.ThreadNames[thread]; name != "" {
		return " (" + elide(name) + ")"
	}
	return ""
}
