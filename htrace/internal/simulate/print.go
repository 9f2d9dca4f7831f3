package simulate

import (
	"fmt"
	"io"
	"slices"

	"github.com/handletrace/handletrace/htrace"
)

// neighbours is how many operations on the same value Print writes before and
// after one that matters.
const neighbours = 6

// Print writes a case and its verdict in a form that people can read: the
// setting, the truth, the findings, and the operations on the same value round
// those that either names, with threads and true names, oldest first. With all
// it writes every operation of the trace.
func (c *Case) Print(w io.Writer, v Verdict, all bool) {
	fmt.Fprintf(w, "%s/%d: %s\n%d operations, process 0x%x\n", c.Mode, c.Seed, c.Setting, len(c.entries), c.machine.pid)
	matters := make(map[int]bool)
	for _, r := range v.Results {
		t := r.Truth
		fmt.Fprintf(w, "TRUTH %s: %s, undecidable %q, count %d, cascade %v\n", t.Fault, r.Outcome, t.Undecidable, t.Count, head(t.Cascade))
		for _, a := range t.Answers[:min(3, len(t.Answers))] {
			fmt.Fprintf(w, "   answer %s, culprit #%d, first close #%d (any %v), victim #%d\n", a.Rule, a.Culprit, a.FirstClose, a.AnyFirstClose, a.Victim)
			matters[a.Culprit], matters[a.FirstClose], matters[a.Victim] = true, true, true
		}
		for _, i := range head(t.Cascade) {
			matters[i] = true
		}
		if r.Finding != nil {
			printFinding(w, "   FINDING", r.Finding, matters)
		}
	}
	for _, e := range v.Extras {
		printFinding(w, fmt.Sprintf("EXTRA (of %q)", e.Of), e.Finding, matters)
	}
	for _, e := range c.near(matters, all) {
		c.printEntry(w, e)
	}
}

// near returns the operations that matter and their neighbours of the same
// value, or all.
func (c *Case) near(matters map[int]bool, all bool) []*entry {
	if all {
		return c.entries
	}
	byValue := make(map[uint64][]*entry)
	for _, e := range c.entries {
		byValue[e.op.Value()] = append(byValue[e.op.Value()], e)
	}
	shown := make(map[*entry]bool)
	for _, list := range byValue {
		for i, e := range list {
			if !matters[e.stored] {
				continue
			}
			for _, n := range list[max(0, i-neighbours):min(len(list), i+neighbours+1)] {
				shown[n] = true
			}
		}
	}
	return slices.DeleteFunc(slices.Clone(c.entries), func(e *entry) bool { return !shown[e] })
}

func head(list []int) []int { return list[:min(12, len(list))] }

func printFinding(w io.Writer, prefix string, f *htrace.Finding, matters map[int]bool) {
	for _, op := range []*htrace.Operation{f.Culprit, f.FirstClose, f.Victim} {
		matters[place(op)] = true
	}
	fmt.Fprintf(w, "%s %s %v: handle 0x%x, culprit #%d, first close #%d, victim #%d, count %d\n      %s\n",
		prefix, f.Rule, f.Confidence, f.Value, place(f.Culprit), place(f.FirstClose), place(f.Victim), f.Count, f.Message)
}

// printEntry writes one operation. Marks say what the machine knows of it.
func (c *Case) printEntry(w io.Writer, e *entry) {
	mark := "  "
	switch {
	case e.incident != nil && e.incident.wrong[0] == e:
		mark = "!!"
	case e.incident != nil:
		mark = "! "
	case e.op.Kind == htrace.KindOpen && e.object.leak != nil:
		mark = "L "
	}
	fmt.Fprintf(w, "%s#%-6d %-13v 0x%-6x thread %x", mark, e.stored, e.op.Kind, e.op.Handle, e.op.ThreadID)
	if e.op.ProcessID != c.machine.pid {
		fmt.Fprintf(w, " process %x", e.op.ProcessID)
	}
	names := code{image: c.machine.image, naming: allNames}
	for _, a := range e.op.Stack {
		fmt.Fprintf(w, " < %s", names.Frames(a)[0])
	}
	fmt.Fprintln(w)
}
