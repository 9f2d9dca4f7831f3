package htrace

import (
	"cmp"
	"math"
	"slices"
)

// choice is a lifetime that an operation may have been meant for, with its
// affinities for an owner and for somebody whose object has ended.
type choice struct {
	life       int32 // none for one that is not in the trace
	own, again float64
	back       float64 // generations
	thief      bool    // whether the operation's maker is who ended the lifetime
	silence    float64 // what its owner's silence cost so far
	// superseded is what it costs that its owner has opened another there since.
	superseded float64
}

const (
	// farBack is how many earlier objects of a value are looked at for what is
	// odd, and generations for what looks right by itself; mostChoices is how
	// many of them are considered.
	farBack     = 64
	generations = 16
	mostChoices = 8
	// nextDoor is how many where the effort is spent.
	nextDoor = 2
	// mostContinued is how many of what a thread may have failed with before
	// are considered when it fails again.
	mostContinued = 4
)

// choices returns what an operation may have been meant for: what it ended,
// the earlier objects of the value that suit best, or one that is not in the
// trace. before are the choices of its thread's last failure.
func (a *Analysis) choices(h *history, x *action, before []choice) []choice {
	if x.retry {
		return []choice{{life: none}}
	}
	who := a.actor(x.op)
	var list []choice
	if x.ended != none {
		list = append(list, choice{life: x.ended, own: a.own(who, &h.lives[x.ended])})
		a.weighTheft(h, x, list[0].own)
	}
	first, depth := len(list), farBack
	switch {
	case a.spent():
		depth = nextDoor
	case x.usual:
		depth = generations
	}
	newer := a.openersOf(h, x)
	for i := int(x.begun) - 1; i >= max(int(x.begun)-depth, 0); i-- {
		l := &h.lives[i]
		if int32(i) == x.ended || l.close == none || l.close > x.op {
			continue
		}
		a.effort++
		c := a.choice(who, l)
		c.life, c.back = int32(i), float64(int(x.begun)-1-i)
		if l.open != none {
			if opener := a.opener(l); slices.Contains(newer, opener) {
				c.superseded = costSuperseded
			} else {
				newer = append(newer, opener)
			}
		}
		list = append(list, c)
	}
	list = append(list[:first], promising(list[first:], before)...)
	return append(list, choice{life: none})
}

// opener is who opens: a thread in a function.
type opener struct {
	thread   uint32
	function uint64
}

func (a *Analysis) opener(l *lifetime) opener {
	return opener{a.thread(l.open), a.sites.function(a.site(l.open))}
}

// openersOf returns who opened what an operation ended.
func (a *Analysis) openersOf(h *history, x *action) []opener {
	if x.ended == none {
		return nil
	}
	return []opener{a.opener(&h.lives[x.ended])}
}

// choice weighs an earlier object.
func (a *Analysis) choice(who actor, l *lifetime) choice {
	c := choice{silence: a.silence(l, l.close)}
	if l.open == none {
		c.again = a.againAs(who, l, nil)
	} else {
		s := a.suit(who, l)
		c.own, c.again = s.own(), a.againAs(who, l, &s)+gainUsual*a.usualMistake(who.op, l.open)
	}
	c.thief = a.site(l.close) == who.site && a.thread(l.close) == who.thread
	gain := gainRecent
	if a.thread(l.close) == who.thread {
		gain = gainSoon
	}
	c.again += gain * max(0, 1-math.Log1p(float64(who.op-l.close))/math.Log1p(patience))
	return c
}

// promising keeps the newest of some earlier objects, those that suit best, and
// what its thread may have failed with before: who has failed goes on with the
// same object.
func promising(list, before []choice) []choice {
	if len(list) <= mostChoices {
		return list
	}
	slices.SortStableFunc(list[1:], func(x, y choice) int { return cmp.Compare(y.promise(), x.promise()) })
	keep := mostChoices
	for k := keep; k < len(list); k++ {
		if slices.ContainsFunc(before[:min(len(before), mostContinued)], func(b choice) bool { return b.life == list[k].life }) {
			list[keep], list[k] = list[k], list[keep]
			keep++
		}
	}
	return list[:keep]
}

// weighTheft notes what it costs to take an operation for a theft.
func (a *Analysis) weighTheft(h *history, x *action, own float64) {
	x.silence = a.silence(&h.lives[x.ended], x.op)
	x.theft = costTheft
	if own > ownKind {
		x.theft += costOwnKind
	}
	if a.sweeps(x.op) {
		x.theft += costSweep
	}
	if a.thread(x.op) == a.thread(h.lives[x.ended].open) {
		x.theft += costOwnThread
	} else {
		x.tie = x.theft - costTheft
	}
}

// silence returns what it costs that the owner of what an operation ended is
// not heard of again: little where that closes hardly any of its objects.
func (a *Analysis) silence(l *lifetime, op int32) float64 {
	cost := costSilence * min(1, float64(int32(len(a.trace.Operations))-op)/patience)
	if l.open == none {
		return cost
	}
	return cost * a.usage.closedPart(a.site(l.open))
}

// promise is how well a lifetime suits an operation.
func (c *choice) promise() float64 {
	return max(c.own, c.again-c.superseded) - costDistance*math.Log1p(c.back)
}

// sweeps reports whether a thread just then closes one object after the other
// and opens none, as a shutdown does: it closes what others opened. A thread
// that does so all the time is no shutdown.
func (a *Analysis) sweeps(op int32) bool {
	const around, fewest, opensIn, unusual = 20, 6, 6, 2
	opens, closes := 0, 0
	for i := max(op-around, 0); i < min(op+around+1, int32(len(a.threads))); i++ {
		if a.threads[i] != a.threads[op] {
			continue
		}
		switch a.trace.Operations[i].Kind {
		case KindOpen:
			opens++
		case KindClose:
			closes++
		}
	}
	usual := float64(a.usage.threads[a.threads[op]]) / float64(len(a.threads)) * (2*around + 1)
	return closes >= fewest && opens*opensIn <= closes && float64(closes) >= unusual*usual
}
