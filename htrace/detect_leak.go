package htrace

import "slices"

// LeakDetector finds places whose objects are opened again and again and stay
// open. An object that is open at the end is no leak by itself: programs hold
// many for good, pools and caches grow until they are large enough, and the
// last of a busy place are always open. A leak is likely where the place goes
// on opening to the end of the trace and the number of its open objects rises
// in the second half as in the first, and where those that are open either
// have no closed companions at all or are so old that, had they been like
// those, they would have been closed long ago. With less than that it is
// possible. It cannot see what happened before the trace, and a trace of one
// handle tells no growth. A list of open handles alone, such as !htrace -diff
// prints, and what a few operations cut out of a trace leave open are reported
// whole, as possible, but for what the system opens once and keeps.
type LeakDetector struct{}

// Rule returns [Leak].
func (LeakDetector) Rule() Rule { return Leak }

// Detect returns the findings of an analysis.
func (LeakDetector) Detect(a *Analysis) []Finding {
	var list []Finding
	for _, g := range a.mergeLeaks(a.leakGroups()) {
		if f, ok := a.leak(g); ok {
			list = append(list, f)
		}
	}
	return list
}

const (
	// fewestLeaks is how many objects of one place make it worth a word.
	fewestLeaks = 3
	// fewestLikely is how many make it likely: fewer may be a pool that has not
	// reached its size.
	fewestLikely = 10
	// overdueLikely is how many of them should have been closed by now, for a
	// likely leak. It is well above one, for an old object is likelier than a
	// young one to live on.
	overdueLikely, overduePossible = 25, 1.5
	// startUp is the part of the trace, its beginning, in which programs open
	// what they keep.
	startUp = 4
	// steady is the least part of the rise that the second half of the time has
	// where the number of open objects grows all the time, and lateBegin the
	// part of the trace that they must span.
	steady, spanned = 0.36, 0.5
)

func (a *Analysis) leak(g *leakGroup) (Finding, bool) {
	end := int32(len(a.trace.Operations))
	t := a.ages(g, end)
	lost, age, sure := g.forgotten(&t, end)
	if a.outstanding || a.fragment {
		lost, age, sure = g.open, 0, len(g.open)
	}
	n := len(lost)
	if n == 0 || n < fewestLeaks && !a.outstanding && !a.fragment || n == 1 && a.isOpenedOnce(lost[0].open) {
		return Finding{}, false
	}
	w, overdue := a.growthOf(lost, end-age, end), g.overdue(&t, end)
	grows := w.goesOn && w.late >= steady
	own := g.process == 0 && a.sites.sites[a.site(g.first())].role == application
	confidence := Possible
	switch {
	case a.fragment:
		// Too little to tell what is usual.
	case !own && !grows && !a.outstanding, len(t.lives) > 0 && overdue < overduePossible:
		// The system's own pools and caches; or objects that live long.
		return Finding{}, false
	case n < fewestLikely && !a.outstanding && lost[n-1].open < end/startUp:
		// What a program opens when it starts, and keeps.
		return Finding{}, false
	case n >= fewestLikely && own && grows && w.part >= spanned && (len(t.lives) == 0 || overdue >= overdueLikely):
		confidence = Likely
	}
	opens := make([]int32, n)
	for i := range lost {
		opens[i] = lost[i].open
	}
	newest := n - 1
	if sure > 0 {
		newest = sure - 1
	}
	f := Finding{
		Rule:       Leak,
		Confidence: confidence,
		Value:      lost[newest].value,
		Culprit:    a.trace.at(opens[newest]),
		Where:      a.leakWhere(g, opens[newest]),
		Related:    a.inOrder(slices.Concat(opens[:newest], opens[newest+1:])),
		Count:      n,
		Message:    a.explainLeak(g, &t, lost, grows),
	}
	return f, true
}

// leakWhere returns the frame of the place that leaks; none of another process,
// whose code is not known.
func (a *Analysis) leakWhere(g *leakGroup, op int32) Frame {
	if g.process != 0 {
		return Frame{}
	}
	return a.frameAt(op, a.levelOf(op, g.level))
}

// isOpenedOnce reports whether an object is one of those that the system opens
// for itself when it is first asked for something, and keeps.
func (a *Analysis) isOpenedOnce(open int32) bool {
	return slices.ContainsFunc(a.sites.frames[a.trace.stackOf[open]], func(f stackFrame) bool { return f.keeps })
}
