package htrace

import (
	"math"
)

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
	cost float64
	tie  float64 // the part that only decides where nothing else does
	// who failed last, and with what it meant.
	failed     uint32
	failedWith int32
	before     *explanation
	intent     intent
	n          int // of fates that were ever noted
	lives      [maxFates]int32
	fates      [maxFates]fate
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

// with returns an explanation that goes on with an operation meant for a
// lifetime.
func (e *explanation) with(x *action, c *choice, cost float64) *explanation {
	n := *e
	n.before, n.cost = e, e.cost+cost
	n.intent = intent{op: x.op, ended: x.ended, meant: c.life}
	if x.ended == none {
		n.failed, n.failedWith = x.thread, c.life
	}
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
		n.tie += x.tie
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
	cost, ok := e.stale(x, c, s)
	switch {
	case x.ended != none:
		cost += x.silence + x.theft
	case x.thread != 0 && x.thread == e.failed && c.life == e.failedWith && c.life != none:
		cost -= gainContinued
	}
	return cost, ok
}

// stale returns what it costs to take an operation as meant for a lifetime
// that is over.
func (e *explanation) stale(x *action, c *choice, s *scales) (float64, bool) {
	if c.life == none {
		return x.fault + s.lost, true
	}
	distance := costDistance * math.Log1p(c.back)
	switch e.fate(c.life) {
	case endedWell:
		return x.fault - c.again + c.superseded + distance, true
	case misused:
		return costAgain - knownMaker*(c.again+1) + c.superseded + distance, true
	case stolen:
		heard := 1.0
		if !x.close {
			heard = heardByUse
		}
		return -c.own - heard*c.silence + distance, !c.thief
	}
	return costRepeat - knownMaker*c.own + distance, !c.thief
}

func (e *explanation) path(n int) []intent {
	list := make([]intent, n)
	for i := n - 1; i >= 0; i-- {
		list[i] = e.intent
		e = e.before
	}
	return list
}
