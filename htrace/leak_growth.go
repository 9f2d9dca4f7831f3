package htrace

import (
	"cmp"
	"slices"
)

// growth is how the number of a place's forgotten objects develops.
type growth struct {
	// goesOn is whether the place opened to the end: the time since its last
	// open is no longer than a few of its usual pauses.
	goesOn bool
	// late is the part of them that the second half of the time has.
	late float64
	// part is the part of the trace that they span.
	part float64
}

func (a *Analysis) growthOf(lost []heldObject, end, all int32) growth {
	var w growth
	n := len(lost)
	if n < 2 {
		return w
	}
	first, last := lost[0].open, lost[n-1].open
	pauses := 2.0
	switch {
	case n >= 8*fewestLikely:
		pauses = 5
	case n >= 2*fewestLikely:
		pauses = 3
	}
	usual := float64(last-first) / float64(n-1)
	w.goesOn = usual > 1 && (float64(end-last) <= pauses*usual || a.stoppedWithAll(first, last, end, n, pauses))
	w.part = float64(end-first) / float64(max(all, 1))
	half, _ := slices.BinarySearchFunc(lost, first+(end-first)/2, func(o heldObject, t int32) int { return cmp.Compare(o.open, t) })
	w.late = float64(n-half) / float64(n)
	return w
}

// stoppedWithAll reports whether a place that opened n objects has stopped since
// the program ends: hardly anything is opened by anybody from then on.
func (a *Analysis) stoppedWithAll(first, last, end int32, n int, pauses float64) bool {
	const shutdown = 8 // one in so many operations of a trace, at most
	if n < fewestLikely || end-last > int32(len(a.trace.Operations))/shutdown {
		return false
	}
	usual := float64(a.opensIn(first, last)) / float64(n-1)
	return float64(a.opensIn(last+1, end)) <= pauses*usual
}

// opensIn counts the opens from one operation to before another.
func (a *Analysis) opensIn(from, to int32) int32 {
	if a.opensBefore == nil {
		a.opensBefore = make([]int32, len(a.trace.Operations)+1)
		n := int32(0)
		for i := range a.trace.Operations {
			if a.trace.Operations[i].Kind == KindOpen {
				n++
			}
			a.opensBefore[i+1] = n
		}
	}
	return a.opensBefore[max(to, from)] - a.opensBefore[from]
}
