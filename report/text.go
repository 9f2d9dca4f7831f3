package report

import (
	"bufio"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/handletrace/handletrace/htrace"
)

// lineWidth is where the text of messages is broken.
const lineWidth = 88

// maxRelated is how many of the operations that followed the text lists; the
// JSON holds all.
const maxRelated = 4

// WriteText writes the inputs for people to read.
func WriteText(w io.Writer, inputs []Input) error {
	b := bufio.NewWriter(w)
	for i := range inputs {
		if i > 0 {
			fmt.Fprintln(b)
		}
		inputs[i].text(b)
	}
	return b.Flush()
}

func (in *Input) text(w io.Writer) {
	t := in.Trace
	fmt.Fprintf(w, "%s: %s, %s (%s, %s, %s), stored %s\n", in.Path, in.Kind, count(len(t.Operations), "handle operation"),
		count(t.Count(htrace.Open), "open"), count(t.Count(htrace.Close), "close"), count(t.Count(htrace.BadReference), "bad reference"),
		strings.ReplaceAll(t.Order.String(), "-", " "))
	for _, warning := range in.Warnings {
		fmt.Fprintf(w, "warning: %s\n", warning)
	}
	if len(in.Findings) == 0 {
		fmt.Fprintln(w, "\nNo misuse of a handle was found in this trace.")
		return
	}
	fmt.Fprintf(w, "%s\n", count(len(in.Findings), "finding"))
	for i := range in.Findings {
		in.findingText(w, i+1, &in.Findings[i])
	}
}

func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

func (in *Input) findingText(w io.Writer, number int, f *htrace.Finding) {
	fmt.Fprintf(w, "\n%d. %s (%v), handle %#x\n", number, f.Rule, f.Confidence, f.Value)
	for _, line := range wrap(f.Message, lineWidth-3) {
		fmt.Fprintf(w, "   %s\n", line)
	}
	in.part(w, culpritTitles[f.Rule], f.Culprit)
	in.part(w, "The close that was right", f.FirstClose)
	in.part(w, "The open of the object that it hit", f.Victim)
	for i, op := range f.Related {
		if f.Rule == htrace.Leak || i == maxRelated {
			fmt.Fprintf(w, "\n   and %s of the same %s (all in the JSON report)\n", count(len(f.Related)-i, "more operation"), incidentWord(f.Rule))
			break
		}
		in.part(w, "What followed", op)
	}
}

var culpritTitles = map[htrace.Rule]string{
	htrace.StolenClose:      "The wrong close",
	htrace.DoubleClose:      "The second close",
	htrace.UseAfterClose:    "The use after the close",
	htrace.BadReferenceRule: "The bad reference",
	htrace.WrongClose:       "The wrong kind of close",
	htrace.Leak:             "The newest open of the leak",
	htrace.TableMismatch:    "The newest operation that does not agree",
}

func incidentWord(r htrace.Rule) string {
	if r == htrace.Leak {
		return "leak"
	}
	return "incident"
}

func (in *Input) part(w io.Writer, title string, op *htrace.Operation) {
	if op == nil {
		return
	}
	fmt.Fprintf(w, "\n   %s: #%d %s of %#x", title, op.Index, op.Kind, op.Handle)
	if op.ThreadID != 0 {
		fmt.Fprintf(w, " by thread %#x", op.ThreadID)
		if name := in.ThreadNames[op.ThreadID]; name != "" && !in.Trace.IsForeign(op) {
			fmt.Fprintf(w, " (%s)", name)
		}
	}
	if in.Trace.IsForeign(op) {
		fmt.Fprintf(w, " of another process, %#x, whose code this is not", op.ProcessID)
	}
	fmt.Fprintln(w)
	for _, f := range in.Trace.Frames(op, in.Code) {
		fmt.Fprintf(w, "      %v%s\n", f, Source(f))
	}
}

// Source returns where a frame is in the source code, and what else is to be
// said of it, to stand behind the frame in a line of text.
func Source(f htrace.Frame) string {
	var s string
	if f.File != "" {
		s = "  [" + f.File + ":" + strconv.Itoa(f.Line) + "]"
	}
	if f.Inlined {
		s += " (inlined)"
	}
	if f.Unloaded {
		s += " (unloaded module)"
	}
	if f.Generated {
		s += " (code outside every module, made at run time)"
	}
	return s
}

// wrap breaks text into lines of at most width characters, at blanks.
func wrap(text string, width int) []string {
	var lines []string
	var line strings.Builder
	for _, word := range strings.Fields(text) {
		if line.Len() > 0 && line.Len()+1+len(word) > width {
			lines = append(lines, line.String())
			line.Reset()
		}
		if line.Len() > 0 {
			line.WriteByte(' ')
		}
		line.WriteString(word)
	}
	return append(lines, line.String())
}
