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
	costDistance = 0.2 // for each generation back
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
	if len(h.events) == 0 && len(h.lives) < 2 {
		return nil
	}
	var all []intent
	for _, s := range a.segments(h) {
		all = append(all, a.solve(h, s)...)
	}
	return all
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

// segments returns the stretches of a history in which something is to be
// explained.
func (a *Analysis) segments(h *history) [][]action {
	actions := a.actionsOf(h)
	var list [][]action
	start, last := -1, 0
	flush := func() {
		if start >= 0 {
			list = append(list, actions[start:last+1])
		}
		start = -1
	}
	for i := range actions {
		if !actions[i].doubt {
			continue
		}
		from := max(i-generations, 0)
		if start < 0 || from > last+1 {
			flush()
			start = from
		}
		last = i
	}
	flush()
	return list
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
// hardly choose, though nobody complains.
func (a *Analysis) suspicious(h *history, i int) bool {
	l := &h.lives[i]
	if i == 0 || l.open == none || a.foreign(l.close) {
		return false
	}
	return a.own(a.actor(l.close), l, a.rightful(h, i)) < suspicion
}

// rightful returns the operation that counts as a lifetime's rightful end.
func (a *Analysis) rightful(h *history, i int) int32 {
	l := &h.lives[i]
	if r, ok := a.amended[l]; ok {
		return r
	}
	return l.close
}

// fate is what became of a lifetime in an explanation.
type fate uint8

const (
	unfinished fate = iota
	endedWell
	misused // ended well, and meant again later
	stolen
	missed // stolen, and its owner found out
)

// window is how many lifetimes an explanation keeps the fate of.
const window = 32

// explanation is one way to explain the operations so far.
type explanation struct {
	cost   float64
	fates  [window]fate
	before *explanation
	intent intent
}

// beamWidth is how many explanations are kept from one operation to the next.
const beamWidth = 24

// solve finds the cheapest explanation of a segment.
func (a *Analysis) solve(h *history, segment []action) []intent {
	s := a.scales()
	beam := []*explanation{{}}
	// What was before the segment ended well.
	for i := range beam[0].fates {
		beam[0].fates[i] = endedWell
	}
	for i := range segment {
		x := &segment[i]
		choices := a.choices(h, x)
		var next []*explanation
		for _, e := range beam {
			for _, c := range choices {
				if n := e.with(x, &c, &s); n != nil {
					next = append(next, n)
				}
			}
		}
		slices.SortFunc(next, func(x, y *explanation) int { return cmp.Compare(x.cost, y.cost) })
		beam = next[:min(len(next), beamWidth)]
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
			c.own = a.own(who, l, a.rightful(h, int(x.ended)))
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
			c.own = a.own(who, l, a.rightful(h, i))
		}
		c.again = a.again(who, l)
		_, c.silence = a.theftCosts(&action{op: l.close}, 0)
		c.thief = a.site(l.close) == who.site && a.thread(l.close) == who.thread
		list = append(list, c)
	}
	return append(list, choice{life: none})
}

// with returns an explanation that goes on with an operation meant for a
// lifetime, and nil where that cannot be.
func (e *explanation) with(x *action, c *choice, s *scales) *explanation {
	n := *e
	n.before = e
	n.intent = intent{op: x.op, ended: x.ended, meant: c.life}
	if x.ended != none && c.life == x.ended {
		n.cost -= c.own
		n.fates[c.life%window] = endedWell
		return &n
	}
	if x.retry && c.life == none {
		n.cost += costRetry
		return &n
	}
	cost, ok := n.stale(c, s)
	if !ok {
		return nil
	}
	n.cost += cost
	if x.ended != none {
		n.cost += x.silence + x.theft
		n.fates[x.ended%window] = stolen
	}
	return &n
}

// stale takes an operation as meant for a lifetime that is over, and returns
// its cost. It is false where that cannot be.
func (e *explanation) stale(c *choice, s *scales) (float64, bool) {
	const known = 0.5 // what tells of a maker that is known by now
	if c.life == none {
		return s.fault + s.lost, true
	}
	distance := costDistance * c.back
	f := &e.fates[c.life%window]
	switch *f {
	case endedWell:
		*f = misused
		return s.fault - c.again + distance, true
	case misused:
		return costAgain - known*(c.again+1) + distance, true
	case stolen:
		*f = missed
		return -c.own - c.silence + distance, !c.thief
	case missed:
		return costRepeat - known*c.own + distance, !c.thief
	}
	return 0, false
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
