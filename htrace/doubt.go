package htrace

import (
	"cmp"
	"slices"
)

// What a close or a failure was meant for is asked only where there is doubt:
// for each question costs time, and most of a trace is as it should be.

// action is an operation to be explained.
type action struct {
	op     int32
	thread uint32
	fault  float64 // what it costs to take it for a fault
	close  bool    // it tried to close
	ended  int32   // a lifetime, or none
	begun  int32   // how many lifetimes had begun
	// theft and silence are what it costs to take it for a theft.
	theft, silence float64
	// tie is the part of it that decides where nothing else does.
	tie     float64
	choices []choice
	usual   bool // it looks right by itself
	// retry is whether the same code has failed with the value before, and its
	// thread has not opened it anew since.
	retry bool
}

// actionsOf returns what is to be explained of a history, in the order of time:
// the failures, the closes that look wrong, and those by which an object ended
// that one of these may have been meant for. What other closes meant is beyond
// doubt.
func (a *Analysis) actionsOf(h *history) []action {
	var list []action
	doubted := make([]bool, len(h.lives))
	for _, e := range h.events {
		list = append(list, action{op: e.op, close: a.isClose(e.op), thread: a.thread(e.op), ended: none, begun: e.after})
	}
	for i := range h.lives {
		if l := &h.lives[i]; l.close != none && l.open != none && i > 0 && !a.foreign(l.close) && a.odd(l) {
			doubted[i] = true
			list = append(list, action{op: l.close, close: true, thread: a.thread(l.close), ended: int32(i), begun: int32(i) + 1})
		}
	}
	failures := make(map[maker]failure)
	before := make(map[uint32][]choice) // of the last failure of each thread
	for k := 0; k < len(list); k++ {
		x := &list[k]
		x.fault = a.faultOf(x.op)
		if x.ended == none {
			x.retry = a.retries(h, failures[a.maker(x.op)], x)
		}
		x.choices = a.choices(h, x, before[x.thread])
		if x.ended == none {
			before[x.thread] = x.choices
			a.noteFailure(h, failures, x)
		}
		for _, c := range x.choices {
			if c.life == none || doubted[c.life] || c.own < ownersAffinity {
				continue
			}
			doubted[c.life] = true
			if l := &h.lives[c.life]; l.open != none && !a.foreign(l.close) {
				list = append(list, action{op: l.close, close: true, thread: a.thread(l.close), ended: c.life, begun: c.life + 1, usual: true})
			}
		}
	}
	slices.SortFunc(list, func(x, y action) int { return cmp.Compare(x.op, y.op) })
	return list
}

// odd reports whether a lifetime ended in a way that its owner would hardly
// choose.
func (a *Analysis) odd(l *lifetime) bool {
	return a.atLeast(l) < suspicion && a.own(a.actor(l.close), l) < suspicion
}

func (a *Analysis) anySuspicious(h *history) bool {
	for i := range h.lives {
		if h.lives[i].close != none && a.suspicious(h, i) {
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
	worth := a.faultOf(l.close) + costTheft - worthALook
	depth := generations
	if a.spent() {
		depth = nextDoor
	}
	for k := i - 1; k >= max(i-depth, 0); k-- {
		a.effort++
		if p := &h.lives[k]; p.close != none && p.close < l.close && a.again(who, p)-own > worth {
			return true
		}
	}
	return false
}

// maker is who fails: a thread at a place.
type maker struct {
	thread uint32
	site   siteID
}

func (a *Analysis) maker(op int32) maker { return maker{a.thread(op), a.site(op)} }

// failure is when a maker failed last, and who had opened what it seems to have
// meant.
type failure struct {
	happened bool
	op       int32
	opener   opener
}

func (a *Analysis) noteFailure(h *history, failures map[maker]failure, x *action) {
	f := failures[a.maker(x.op)]
	f.happened, f.op = true, x.op
	if !x.retry {
		best := slices.MaxFunc(x.choices, func(x, y choice) int { return cmp.Compare(x.promise(), y.promise()) })
		f.opener = opener{}
		if best.life != none && h.lives[best.life].open != none {
			f.opener = a.opener(&h.lives[best.life])
		}
	}
	failures[a.maker(x.op)] = f
}

// retries reports whether a failure repeats an earlier one: neither its thread
// nor who had opened what was meant then has opened the value anew since.
func (a *Analysis) retries(h *history, last failure, x *action) bool {
	if !last.happened {
		return false
	}
	i, _ := slices.BinarySearchFunc(h.lives, last.op, func(l lifetime, op int32) int { return cmp.Compare(l.open, op) })
	for ; i < len(h.lives) && h.lives[i].open < x.op; i++ {
		if l := &h.lives[i]; l.open > last.op && (a.thread(l.open) == x.thread || a.opener(l) == last.opener) {
			return false
		}
	}
	return true
}
