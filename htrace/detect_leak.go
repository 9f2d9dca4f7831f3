package htrace

import (
	"cmp"
	"slices"
)

// LeakDetector finds places whose objects are opened again and again and stay
// open. An object that is open at the end is no leak by itself: programs hold
// many for good, pools grow until they are large enough, and the last of a
// busy place are always open. What counts is that the place goes on opening to
// the end of the trace (growth), and that its objects are as a rule not closed
// at all, or stay open far longer than those that are. Both together are
// likely, one is possible. It cannot see what happened before the trace, and a
// trace of one handle tells no growth. A list of open handles alone, such as
// !htrace -diff prints, is reported whole, as possible.
type LeakDetector struct{}

// Rule returns [Leak].
func (LeakDetector) Rule() Rule { return Leak }

// Detect returns the findings of an analysis.
func (LeakDetector) Detect(a *Analysis) []Finding {
	groups := make(map[siteID]*leakGroup)
	var order []siteID
	for _, h := range a.histories {
		for i := range h.lives {
			a.sortIntoGroup(groups, &order, h, i)
		}
	}
	var list []Finding
	for _, s := range order {
		if f, ok := a.leak(groups[s]); ok {
			list = append(list, f)
		}
	}
	return list
}

// leakGroup is what one place opened.
type leakGroup struct {
	site   siteID
	open   []int32 // still open, by the operation that opened
	value  []uint64
	closed int
	// longest is the longest life of those that were closed, in operations.
	longest int32
	// unlisted are open by the trace but not in the handle table.
	unlisted int
}

const (
	// fewestLeaks is how many objects of one place make it worth a word.
	fewestLeaks = 3
	// fewestLikely is how many make it likely: fewer may be a pool that has not
	// reached its size.
	fewestLikely = 8
)

func (a *Analysis) sortIntoGroup(groups map[siteID]*leakGroup, order *[]siteID, h *history, i int) {
	l := &h.lives[i]
	if l.open == none || a.foreign(l.open) {
		return
	}
	s := a.site(l.open)
	g := groups[s]
	if g == nil {
		g = &leakGroup{site: s}
		groups[s] = g
		*order = append(*order, s)
	}
	switch {
	case l.close != none:
		g.closed++
		g.longest = max(g.longest, l.close-l.open)
	case l.overlapped:
		// Its value was given out again, so it was closed.
	case a.trace.Table != nil && !a.listed(h):
		g.unlisted++
	default:
		g.open = append(g.open, l.open)
		g.value = append(g.value, h.slot.value)
	}
}

func (a *Analysis) listed(h *history) bool {
	_, ok := a.trace.Table[h.slot.value]
	return ok || h.slot.process != a.trace.ProcessID
}

func (a *Analysis) leak(g *leakGroup) (Finding, bool) {
	g.sort()
	if len(g.open) == 0 {
		return Finding{}, false
	}
	grows := g.grows(int32(len(a.trace.Operations)))
	if g.closed > 0 {
		g.keepOutliers(int32(len(a.trace.Operations)))
	}
	n := len(g.open)
	if n < fewestLeaks && !a.outstanding || n == 0 {
		return Finding{}, false
	}
	confidence := Possible
	switch {
	case a.sites.sites[g.site].role != application && !grows && !a.outstanding:
		// The system's own pools and caches.
		return Finding{}, false
	case n >= fewestLikely && grows && a.sites.sites[g.site].role == application:
		confidence = Likely
	}
	f := Finding{
		Rule:       Leak,
		Confidence: confidence,
		Value:      g.value[n-1],
		Culprit:    a.trace.at(g.open[n-1]),
		Where:      a.where(g.open[n-1]),
		Related:    a.inOrder(g.open[:n-1]),
		Count:      n,
		Message:    a.explainLeak(g, grows),
	}
	return f, true
}

// sort puts the open objects in the order of time.
func (g *leakGroup) sort() {
	order := make([]int, len(g.open))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(i, j int) int { return cmp.Compare(g.open[i], g.open[j]) })
	open, value := make([]int32, len(order)), make([]uint64, len(order))
	for i, k := range order {
		open[i], value[i] = g.open[k], g.value[k]
	}
	g.open, g.value = open, value
}

// keepOutliers leaves of a place's open objects those that have outlived all
// that it closed; the others may be closed in due course.
func (g *leakGroup) keepOutliers(end int32) {
	const outlived = 2
	n := 0
	for n < len(g.open) && end-g.open[n] > outlived*g.longest {
		n++
	}
	g.open, g.value = g.open[:n], g.value[:n]
}

// grows reports whether the place went on opening to the end: the time since
// its last open is no longer than twice its usual pause, and the later half of
// its time has as many opens as the earlier one, or nearly. A pool that has
// reached its size has stopped, and one that comes near to it has slowed down.
func (g *leakGroup) grows(end int32) bool {
	n := len(g.open)
	if n < 2 {
		return false
	}
	first, last := g.open[0], g.open[n-1]
	const pauses = 2
	usual := float64(last-first) / float64(n-1)
	if usual <= 1 || float64(end-last) > pauses*usual {
		return false
	}
	const nearly = 0.42 // of all
	half, _ := slices.BinarySearch(g.open, first+(end-first)/2)
	return float64(n-half) >= nearly*float64(n)
}
