package simulate

import (
	"slices"

	"github.com/handletrace/handletrace/htrace"
)

// enough is how many other objects of a place must have been closed in the
// trace before one can say where they usually are.
const enough = 2

// undecidable says why the evidence in the trace is not enough to tell who was
// at fault in an incident. It is empty where it is.
func (m *machine) undecidable(inc *incident) string {
	culprit := inc.wrong[0]
	first := inc.root.closed
	firstSeen := first != nil && first.stored != None
	switch inc.rule {
	case htrace.BadReference:
		return ""
	case htrace.DoubleClose, htrace.UseAfterClose:
		if !firstSeen {
			return "the first close is lost"
		}
		return ""
	}
	victim := culprit.killed
	complaint := m.complaint(inc, victim)
	if victim.component == inc.root.component {
		switch {
		case !firstSeen:
			return "same component, and the first close is lost"
		case !complaint:
			return "same component, and nobody complains"
		case victim.thread == culprit.op.ThreadID:
			return "same component and same thread"
		}
		return ""
	}
	usual := m.closedElsewhere(victim) >= enough
	switch {
	case complaint && (firstSeen || usual):
		return ""
	case complaint:
		return "the first close is lost, and the victim's place is seen too seldom"
	case firstSeen && usual && sameSite(first, culprit):
		return ""
	case firstSeen && usual:
		return "the culprit closes in two places, and nobody complains"
	}
	return "the victim's place is seen too seldom, and nobody complains"
}

// complaint reports whether a holder of a victim ran into the theft.
func (m *machine) complaint(inc *incident, victim *object) bool {
	for _, e := range inc.wrong[1:] {
		if e.object == victim && e.stored != None {
			return true
		}
	}
	return false
}

// closedElsewhere counts the objects from the victim's place that their own
// holders closed in the trace.
func (m *machine) closedElsewhere(victim *object) int {
	n := 0
	for _, e := range m.log {
		o := e.object
		if e.stored != None && e.op.Kind == htrace.KindClose && e.killed == nil && o.component == victim.component && o.site == victim.site {
			n++
		}
	}
	return n
}

// sameBetween reports whether a lifetime of the same component lies between an
// object and the wrong operation on it: then either may have been the one that
// the culprit took the value for.
func (m *machine) sameBetween(o *object, wrong *entry) bool {
	after := false
	for _, e := range m.log {
		switch {
		case e == wrong:
			return false
		case e == o.closed:
			after = true
		case after && e.op.Kind == htrace.KindClose && e.op.Value() == o.value && e.object.component == o.component:
			return true
		}
	}
	return false
}

// sameSite reports whether two closes have their innermost frames in common,
// as far as one program's wrappers go.
func sameSite(a, b *entry) bool {
	const frames = 5
	x, y := a.op.Stack, b.op.Stack
	return slices.Equal(x[:min(frames, len(x))], y[:min(frames, len(y))])
}

// fewest is how many objects a leak must have lost before it can be told from
// a handful that a program keeps.
const fewest = 6

// growth is how the objects of a place that are open at the end were opened
// over the stored trace.
type growth struct {
	open, closed int // objects
	span         int // operations from the first open to the last
	all          int // operations of the trace
}

// growthOf measures the objects that a test selects.
func (m *machine) growthOf(selected func(*object) bool) growth {
	var g growth
	first := None
	for _, e := range m.log {
		if e.stored == None {
			continue
		}
		g.all++
		switch o := e.object; {
		case e.op.Kind != htrace.KindOpen || !selected(o):
		case o.closed != nil:
			g.closed++
		default:
			if g.open++; first == None {
				first = g.all
			}
			g.span = g.all - first
		}
	}
	return g
}

// leakUndecidable says why a leak cannot be told from a pool that grows: too
// few objects, or all in a small part of the trace.
func (m *machine) leakUndecidable(l *leak) string {
	g := m.growthOf(func(o *object) bool { return o.leak == l })
	switch {
	case g.open < fewest:
		return "too few objects"
	case g.span < g.all/2:
		return "only a part of the trace"
	}
	return ""
}

// looksLeaked reports whether a healthy place cannot be told from a leak: a
// pool or a cache that fills all the time and has not closed anything yet.
func (m *machine) looksLeaked(e *entry) bool {
	g := m.growthOf(func(o *object) bool { return o.component == e.object.component && o.site == e.object.site })
	return g.open >= fewest && g.closed == 0 && g.span >= g.all/2
}
