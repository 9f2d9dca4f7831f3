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

// generations is how many earlier objects of a value are considered.
const generations = 16

// Costs, as logarithms of how rare a thing is.
const (
	costTheft    = 1   // the value belonged to another by then
	costOwnKind  = 1.5 // and that is an object such as the maker closes
	costAgain    = 1   // a further fault of the same mistake
	costSilence  = 1.5 // a victim that is not heard of again
	costRepeat   = 1   // a victim that tries again
	costRetry    = 0.3 // the same code tries once more
	costLost     = 4   // the mistaken object is not in the trace
	costLostOld  = 1.5 // nor are others of its time
	costGarbage  = 4   // a failure with no object at all
	costDistance = 0.4 // for each generation back
	// patience is after how many operations a victim's silence tells.
	patience = 200
)

// scales are the costs that depend on the trace.
type scales struct {
	fault float64 // of a wrong close or use: somebody looks at a trace for about one
	lost  float64 // of a mistaken object that is not in the trace
}

func (a *Analysis) scales() scales {
	s := scales{fault: min(max(math.Log(float64(a.usage.closes+1))+1, 3), 8.5), lost: costLost}
	if a.begun {
		s.lost = costLostOld
	}
	return s
}

// theftCosts returns what it costs to take the operation for a theft, and what
// of it is for the victim's silence.
func (a *Analysis) theftCosts(x *action, own float64) (theft, silence float64) {
	theft = costTheft
	if own > -0.5 {
		theft += costOwnKind
	}
	return theft, costSilence * min(1, float64(int32(len(a.trace.Operations))-x.op)/patience)
}

// suspicion is from what affinity on a close is looked at that nobody
// complained of.
const suspicion = -1.5

// attribute explains the operations of a history. It returns nothing for
// lifetimes that ended as they should, beyond doubt.
func (a *Analysis) attribute(h *history) []intent {
	if len(h.events) == 0 && !a.anySuspicious(h) {
		return nil
	}
	actions := a.actionsOf(h)
	var all []intent
	for start := 0; start < len(actions); {
		if !actions[start].doubt {
			start++
			continue
		}
		// Doubts that lie farther apart have nothing to do with each other.
		end, last := start+1, start
		for end < len(actions) && end-last <= generations {
			if actions[end].doubt {
				last = end
			}
			end++
		}
		all = append(all, a.solve(h, actions[start:last+1])...)
		start = last + 1
	}
	return all
}

func (a *Analysis) anySuspicious(h *history) bool {
	for i := range h.lives {
		if h.lives[i].close != none && a.suspicious(h, i) {
			return true
		}
	}
	return false
}

// action is an operation to be explained.
type action struct {
	op    int32
	ended int32 // a lifetime, or none
	begun int32 // how many lifetimes had begun
	// theft and silence are what it costs to take it for a theft.
	theft, silence float64
	doubt          bool // whether it may be meant for another than the one that it ended
	// retry is whether the same code has failed with the value before, and its
	// thread has not opened it anew since.
	retry bool
}

// actionsOf returns the closes and failures of a history in the order of time.
func (a *Analysis) actionsOf(h *history) []action {
	list := make([]action, 0, len(h.lives)+len(h.events))
	for i := range h.lives {
		if c := h.lives[i].close; c != none {
			list = append(list, action{op: c, ended: int32(i), begun: int32(i) + 1, doubt: a.suspicious(h, i)})
		}
	}
	for _, e := range h.events {
		list = append(list, action{op: e.op, ended: none, begun: e.after, doubt: true})
	}
	slices.SortFunc(list, func(x, y action) int { return cmp.Compare(x.op, y.op) })
	if len(h.events) > 0 {
		a.noteRetries(h, list)
		near := -1 // the next failure, going back in time
		for i := len(list) - 1; i >= 0; i-- {
			if list[i].ended == none {
				near = i
			}
			list[i].doubt = list[i].doubt || near >= 0 && near-i <= generations
		}
	}
	return list
}

// maker is who fails: a thread at a place.
type maker struct {
	thread uint32
	site   siteID
}

func (a *Analysis) maker(op int32) maker { return maker{a.thread(op), a.site(op)} }

// noteRetries marks the failures that repeat an earlier one.
func (a *Analysis) noteRetries(h *history, list []action) {
	last := make(map[maker]int32)
	for i := range list {
		x := &list[i]
		if x.ended != none {
			continue
		}
		m := a.maker(x.op)
		before, ok := last[m]
		x.retry = ok && !a.openedBetween(h, m.thread, before, x.op)
		last[m] = x.op
	}
}

// openedBetween reports whether a thread opened the value between two
// operations.
func (a *Analysis) openedBetween(h *history, thread uint32, from, to int32) bool {
	i, _ := slices.BinarySearchFunc(h.lives, from, func(l lifetime, op int32) int { return cmp.Compare(l.open, op) })
	for ; i < len(h.lives) && h.lives[i].open < to; i++ {
		if h.lives[i].open > from && a.thread(h.lives[i].open) == thread {
			return true
		}
	}
	return false
}

// suspicious reports whether a lifetime ended in a way that its owner would
// hardly choose, and that suits an earlier one of the value much better, though
// nobody complains.
func (a *Analysis) suspicious(h *history, i int) bool {
	l := &h.lives[i]
	if i == 0 || l.open == none || a.foreign(l.close) {
		return false
	}
	if a.atLeast(l) >= suspicion {
		return false
	}
	who := a.actor(l.close)
	own := a.own(who, l)
	if own >= suspicion {
		return false
	}
	worth := a.scales().fault + costTheft - worthALook
	for k := i - 1; k >= max(i-generations, 0); k-- {
		if p := &h.lives[k]; p.close != none && p.close < l.close && a.again(who, p)-own > worth {
			return true
		}
	}
	return false
}

// worthALook is how much more an explanation may cost that is looked at.
const worthALook = 3

// fate is what became of a lifetime in an explanation.
type fate uint8

const (
	endedWell fate = iota
	misused        // ended well, and meant again later
	stolen
	missed // stolen, and its owner found out
)

// maxFates is how many lifetimes that did not just end well an explanation
// remembers.
const maxFates = 8

// explanation is one way to explain the operations so far.
type explanation struct {
	cost   float64
	before *explanation
	intent intent
	n      int // of fates that were ever noted
	lives  [maxFates]int32
	fates  [maxFates]fate
}

// fate returns what became of a lifetime.
func (e *explanation) fate(life int32) fate {
	for i := range min(e.n, maxFates) {
		if e.lives[i] == life {
			return e.fates[i]
		}
	}
	return endedWell
}

// note remembers what became of a lifetime, in place of the oldest if need be.
func (e *explanation) note(life int32, f fate) {
	for i := range min(e.n, maxFates) {
		if e.lives[i] == life {
			e.fates[i] = f
			return
		}
	}
	e.lives[e.n%maxFates], e.fates[e.n%maxFates] = life, f
	e.n++
}

const (
	// beamWidth is how many explanations are kept from one operation to the
	// next, and beamCost how much more than the best they may cost.
	beamWidth = 16
	beamCost  = 9
)

// solve finds the cheapest explanation of a segment.
func (a *Analysis) solve(h *history, segment []action) []intent {
	s := a.scales()
	beam := []*explanation{{}}
	var next []*explanation
	for i := range segment {
		x := &segment[i]
		choices := a.choices(h, x)
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

// choice is a lifetime that an operation may have been meant for, with its
// affinities for an owner and for somebody whose object has ended.
type choice struct {
	life       int32 // none for one that is not in the trace
	own, again float64
	back       float64 // generations
	thief      bool    // whether the operation's maker is who ended the lifetime
	silence    float64 // what its owner's silence cost so far
}

// choices returns what an operation may have been meant for.
func (a *Analysis) choices(h *history, x *action) []choice {
	if x.retry {
		return []choice{{life: none}}
	}
	who := a.actor(x.op)
	var list []choice
	if x.ended != none {
		c := choice{life: x.ended}
		if l := &h.lives[x.ended]; l.open != none && !a.foreign(x.op) {
			c.own = a.own(who, l)
		}
		x.theft, x.silence = a.theftCosts(x, c.own)
		list = append(list, c)
		if l := &h.lives[x.ended]; !x.doubt || l.open == none || a.foreign(x.op) {
			return list
		}
	}
	for i := int(x.begun) - 1; i >= max(int(x.begun)-generations, 0); i-- {
		l := &h.lives[i]
		if int32(i) == x.ended || l.close == none || l.close > x.op {
			continue
		}
		c := choice{life: int32(i), back: float64(int(x.begun) - 1 - i)}
		if l.open != none {
			c.own = a.own(who, l)
		}
		c.again = a.again(who, l)
		_, c.silence = a.theftCosts(&action{op: l.close}, 0)
		c.thief = a.site(l.close) == who.site && a.thread(l.close) == who.thread
		list = append(list, c)
	}
	return append(list, choice{life: none})
}

// with returns an explanation that goes on with an operation meant for a
// lifetime.
func (e *explanation) with(x *action, c *choice, cost float64) *explanation {
	n := *e
	n.before, n.cost = e, e.cost+cost
	n.intent = intent{op: x.op, ended: x.ended, meant: c.life}
	if x.ended != none && c.life == x.ended {
		return &n
	}
	if c.life != none {
		switch f := e.fate(c.life); f {
		case endedWell:
			n.note(c.life, misused)
		case stolen:
			n.note(c.life, missed)
		}
	}
	if x.ended != none {
		n.note(x.ended, stolen)
	}
	return &n
}

// costOf returns what it costs to go on with an operation meant for a
// lifetime. It is false where that cannot be.
func (e *explanation) costOf(x *action, c *choice, s *scales) (float64, bool) {
	if x.ended != none && c.life == x.ended {
		return -c.own, true
	}
	if x.retry && c.life == none {
		return costRetry, true
	}
	cost, ok := e.stale(c, s)
	switch {
	case x.ended != none:
		cost += x.silence + x.theft
	case c.life == none:
		cost = s.fault + costGarbage
	}
	return cost, ok
}

// stale returns what it costs to take an operation as meant for a lifetime
// that is over.
func (e *explanation) stale(c *choice, s *scales) (float64, bool) {
	const known = 0.5 // what tells of a maker that is known by now
	if c.life == none {
		return s.fault + s.lost, true
	}
	distance := costDistance * c.back
	switch e.fate(c.life) {
	case endedWell:
		return s.fault - c.again + distance, true
	case misused:
		return costAgain - known*(c.again+1) + distance, true
	case stolen:
		return -c.own - c.silence + distance, !c.thief
	}
	return costRepeat - known*c.own + distance, !c.thief
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
				best[i].margin = beam[k].cost - beam[0].cost
				break
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

func (e *explanation) path(n int) []intent {
	list := make([]intent, n)
	for i := n - 1; i >= 0; i-- {
		list[i] = e.intent
		e = e.before
	}
	return list
}
