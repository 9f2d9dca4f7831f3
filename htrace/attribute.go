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
		for end < len(actions) && actions[end].begun-actions[end-1].begun <= farBack {
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
)

// solve finds the cheapest explanation of a segment.
func (a *Analysis) solve(h *history, segment []action) []intent {
	s := a.scales()
	beam := []*explanation{{}}
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
		for keep < min(len(next), beamWidth) && next[keep].cost <= best+beamCost {
			keep++
		}
		beam = append(beam[:0], next[:keep]...)
	}
	return conclude(beam, len(segment))
}

// conclude returns the intents of the best explanation, each with the margin
// to the best one that disagrees about it.
func conclude(beam []*explanation, n int) []intent {
	paths := make([][]intent, len(beam))
	for i, e := range beam {
		paths[i] = e.path(n)
	}
	best := paths[0]
	const far = 100
	for i := range best {
		best[i].margin = far
		for k := 1; k < len(paths); k++ {
			if p := &paths[k][i]; best[i].fault(best) != p.fault(paths[k]) {
				best[i].margin = min(best[i].margin, beam[k].cost-beam[k].tie-beam[0].cost+beam[0].tie)
			}
		}
	}
	return best
}

// fault reports whether an operation is a fault of its own: meant for what had
// ended as its owner meant it.
func (x *intent) fault(path []intent) bool {
	if x.right() {
		return false
	}
	for i := range path {
		if p := &path[i]; p.ended == x.meant && p.ended != none {
			return p.right()
		}
	}
	return true
}
