package htrace

import (
	"fmt"
	"strings"
)

// explainLeak says what is open, what became of the others of the place, and
// how their number develops.
func (a *Analysis) explainLeak(g *leakGroup, t *ages, lost []heldObject, grows bool) string {
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
	b.WriteString(a.othersClosed(g, t))
	b.WriteString(a.leakTrend(lost, grows))
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

// othersClosed says what became of the others of a place.
func (a *Analysis) othersClosed(g *leakGroup, t *ages) string {
	switch {
	case a.outstanding:
		return ""
	case len(g.closed) == 0:
		return " None that was opened there was closed."
	}
	others := "1 other that was opened there was closed, in " + a.usualEnd(g)
	if n := len(g.closed); n > 1 {
		others = fmt.Sprintf("%d others that were opened there were closed, most often in %s", n, a.usualEnd(g))
	}
	if a.fragment || len(t.lives) == 0 {
		return " " + others + "."
	}
	return fmt.Sprintf(" %s, after %d operations at most; these are older.", others, t.longest())
}

// usualEnd names the place that closed most objects of a group.
func (a *Analysis) usualEnd(g *leakGroup) string {
	counts := make(map[siteID]int)
	best := g.closed[0].to
	for _, s := range g.closed {
		site := a.site(s.to)
		if counts[site]++; counts[site] > counts[a.site(best)] {
			best = s.to
		}
	}
	if a.foreign(best) {
		return "another process"
	}
	return a.place(best)
}

// leakTrend says how the number of a place's objects develops, where the trace
// is long enough to tell.
func (a *Analysis) leakTrend(lost []heldObject, grows bool) string {
	n, end := len(lost), int32(len(a.trace.Operations))
	switch {
	case a.outstanding && n < fewestLikely || a.fragment:
		return " Whether more of them come with time is not to be seen here."
	case grows:
		return fmt.Sprintf(" One more came every %d operations, to the end of the trace, so their number grows; the oldest has been open for %d operations.",
			(lost[n-1].open-lost[0].open)/int32(n-1), end-lost[0].open)
	}
	return " The place had stopped opening before the end of the trace: this may be a pool that had reached its size."
}

func handles(n int) string {
	if n == 1 {
		return "1 handle"
	}
	return fmt.Sprintf("%d handles", n)
}
