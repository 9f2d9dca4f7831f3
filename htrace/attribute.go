package htrace

import (
	"cmp"
	"math"
	"slices"
)

// Every operation that ended an object, or found none, was meant for some
// object: as a rule the one that has the value then, and of a wrong close or
// use an earlier one of the value. This file finds the explanation of a
// value's operations that costs least: faults are dear, and an operation is
// the dearer the less its maker looks like the owner of what it was meant for.

// intent is what an operation meant. Lifetimes are places in a history, or
// none.
type intent struct {
	op    int32
	ended int32 // the lifetime that it ended; none of a failure
	meant int32 // the lifetime that its maker took the value for; none if it is not in the trace
	// margin is by how much the best explanation that has another culprit here
	// costs more.
	margin float64
}

func (x *intent) right() bool { return x.ended != none && x.meant == x.ended }

// scales are the costs that depend on the trace.
type scales struct {
	fault float64 // of a wrong close or use: somebody looks at a trace for about one
	lost  float64 // of a mistaken object that is not in the trace
}

func (a *Analysis) scales() scales {
	s := scales{fault: min(max(math.Log(float64(a.usage.closes+1))+costFault, leastFault), mostFault), lost: costLost}
	if a.begun {
		s.lost = costLostOld
	}
	return s
}

// attribute explains the operations of a history. It returns nothing for
// lifetimes that ended as they should, beyond doubt.
func (a *Analysis) attribute(h *history) []intent {
	if len(h.events) == 0 && !a.anySuspicious(h) {
		return nil
	}
	actions := a.actionsOf(h)
	var all []intent
	for start := 0; start < len(actions); {
		// Doubts that lie far apart have nothing to do with each other.
		end := start + 1
		for end < len(actions) && end-start < longSegment && actions[end].begun-actions[end-1].begun <= farBack {
			end++
		}
		all = append(all, a.solve(h, actions[start:end])...)
		start = end
	}
	return all
}

const (
	// beamWidth is how many explanations are kept from one operation to the
	// next, and beamCost how much more than the best they may cost.
	beamWidth = 24
	beamCost  = 15
	// narrowBeam is the width where the effort is spent.
	narrowBeam = 3
	// longSegment is how many operations are explained together at most.
	longSegment = 1 << 10
)

// Most of a trace is beyond doubt. Where nearly nothing is, as in garbage or
// in what somebody made up, the analysis looks less closely when it has looked
// at so many choices, so that its time and memory stay in proportion.
const (
	freeEffort      = 1 << 16
	effortOperation = 1 // for each operation of the trace
)

// spent reports whether the effort is.
func (a *Analysis) spent() bool {
	return a.effort > freeEffort+effortOperation*len(a.trace.Operations)
}

// solve finds the cheapest explanation of a segment.
func (a *Analysis) solve(h *history, segment []action) []intent {
	s := a.scales()
	beam, width := []*explanation{{}}, beamWidth
	if a.spent() {
		width = narrowBeam
	}
	var next []*explanation
	for i := range segment {
		x := &segment[i]
		choices := x.choices
		next = next[:0]
		best := math.Inf(1)
		for _, e := range beam {
			for k := range choices {
				cost, ok := e.costOf(x, &choices[k], &s)
				if !ok || e.cost+cost > best+beamCost {
					continue
				}
				best = min(best, e.cost+cost)
				next = append(next, e.with(x, &choices[k], cost))
			}
		}
		slices.SortFunc(next, func(x, y *explanation) int { return cmp.Compare(x.cost, y.cost) })
		keep := 1
		for keep < min(len(next), width) && next[keep].cost <= best+beamCost {
			keep++
		}
		beam = append(beam[:0], next[:keep]...)
	}
	return conclude(beam, len(segment))
}

// conclude returns the intents of the best explanation, each with the margin
// to the best one that disagrees about it.
func conclude(beam []*explanation, n int) []intent {
	const far = 100
	best := beam[0].path(n)
	wrong := faults(best)
	for i := range best {
		best[i].margin = far
	}
	for _, e := range beam[1:] {
		margin := e.cost - e.tie - beam[0].cost + beam[0].tie
		for i, w := range faults(e.path(n)) {
			if w != wrong[i] {
				best[i].margin = min(best[i].margin, margin)
			}
		}
	}
	return best
}

// faults tells of each operation of an explanation whether it is a fault of
// its own: meant for what had ended as its owner meant it.
func faults(path []intent) []bool {
	killed := make(map[int32]bool) // lifetimes that ended otherwise
	for i := range path {
		if p := &path[i]; p.ended != none && !p.right() {
			killed[p.ended] = true
		}
	}
	list := make([]bool, len(path))
	for i := range path {
		list[i] = !path[i].right() && (path[i].meant == none || !killed[path[i].meant])
	}
	return list
}
