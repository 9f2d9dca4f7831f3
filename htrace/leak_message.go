package htrace

import (
	"fmt"
	"strings"
)

// explainLeak says what is open, what became of the others of the place, and
// how their number develops.
func (a *Analysis) explainLeak(g *leakGroup, lost []heldObject, grows bool) string {
	newest := lost[len(lost)-1]
	were, them := "were", "them"
	if len(lost) == 1 {
		were, them = "was", "it"
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s %s still open at the end of the trace", handles(len(lost)), a.openedBy(g, newest.open), were)
	if a.trace.Table != nil {
		b.WriteString(", and the handle table of the dump still lists " + them)
		if e := a.trace.Table[newest.value]; e.Type != "" {
			fmt.Fprintf(&b, " (type %s)", e.Type)
		}
	}
	b.WriteString(".")
	switch {
	case a.outstanding:
	case len(g.closed) == 0:
		b.WriteString(" None that was opened there was closed.")
	case a.fragment:
		fmt.Fprintf(&b, " Of those opened there, %d had been closed.", len(g.closed))
	default:
		fmt.Fprintf(&b, " %d others opened there were closed, each long before these.", len(g.closed))
	}
	b.WriteString(a.leakTrend(len(lost), grows))
	return b.String()
}

// openedBy names who opened the objects of a group.
func (a *Analysis) openedBy(g *leakGroup, op int32) string {
	if g.process != 0 {
		return fmt.Sprintf("that process %#x put into this one, as DuplicateHandle does,", g.process)
	}
	if a.stack(op).call == duplicateCall && a.where(op).Module == "" && a.where(op).Address != 0 {
		return fmt.Sprintf("opened in %s, code in no module of this process (process %#x may have put it there from outside),", a.place(op), a.op(op).ProcessID)
	}
	return "opened in " + placeName(a.leakWhere(g, op))
}

// leakTrend says how the number of a place's objects develops, where the trace
// is long enough to tell.
func (a *Analysis) leakTrend(n int, grows bool) string {
	switch {
	case a.outstanding && n < fewestLikely || a.fragment:
		return " Whether more of them come with time is not to be seen here."
	case grows:
		return " The place went on opening to the end of the trace, so their number grows."
	}
	return " The place had stopped opening before the end of the trace: this may be a pool that had reached its size."
}

func handles(n int) string {
	if n == 1 {
		return "1 handle"
	}
	return fmt.Sprintf("%d handles", n)
}
