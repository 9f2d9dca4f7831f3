package htrace

import "slices"

// Code that makes a mistake makes it again: a place that is caught once is
// suspected more readily, what it closed then is no habit, and where it fails
// again it meant objects of the same owner as before.

// offenders is what is known beyond doubt of those who make mistakes.
type offenders struct {
	caught   []int32           // by place, a close of what is not its own, or none
	any      bool              // whether there is one
	mistakes map[mistake]int   // how often
	makers   map[siteID]int    // how many mistakes of each place
	meant    map[int32]mistake // by operation
}

// mistake is a place that takes a handle for that of an object which another
// had opened.
type mistake struct{ maker, opener siteID }

func newOffenders(places int) *offenders {
	o := &offenders{caught: make([]int32, places), mistakes: make(map[mistake]int), makers: make(map[siteID]int), meant: make(map[int32]mistake)}
	for i := range o.caught {
		o.caught[i] = none
	}
	return o
}

// investigateAll explains the histories, and those again in which a place had a
// hand that turned out to make mistakes.
func (a *Analysis) investigateAll() {
	a.offenders = newOffenders(len(a.sites.sites))
	found := make([][]*incident, len(a.histories))
	for i, h := range a.histories {
		found[i] = a.investigate(h)
	}
	for _, list := range found {
		for _, in := range list {
			if in.confidence == Certain {
				a.noteMistake(in)
				a.noteOffender(in)
			}
		}
	}
	if (a.offenders.any || len(a.offenders.mistakes) > 0) && !a.spent() {
		clear(a.duos)
		for i, h := range a.histories {
			if a.concerns(h, found[i]) {
				found[i] = a.investigate(h)
			}
		}
	}
	for _, list := range found {
		a.incidents = append(a.incidents, list...)
	}
}

// noteMistake remembers whose objects a place meant.
func (a *Analysis) noteMistake(in *incident) {
	if in.home == none || in.history.lives[in.home].open == none {
		return
	}
	m := mistake{a.site(in.culprit), a.site(in.history.lives[in.home].open)}
	a.offenders.mistakes[m]++
	a.offenders.makers[m.maker]++
	a.offenders.meant[in.culprit] = m
}

// noteOffender remembers the place of a wrong close, and takes what followed
// from it out of what is usual.
func (a *Analysis) noteOffender(in *incident) {
	site := a.site(in.culprit)
	if !a.isClose(in.culprit) || a.sites.sites[site].role != application {
		return
	}
	if a.offenders.any = true; a.offenders.caught[site] == none {
		a.offenders.caught[site] = in.culprit
	}
	for _, op := range append(slices.Clone(in.related), in.culprit) {
		if a.counted[op] != none {
			a.usage.forget(a, a.counted[op], op)
			a.counted[op] = none
		}
	}
}

// concerns reports whether one who makes mistakes seems to have made another
// one than usual in a history, or an offender ended an object there in a way
// that its owner would hardly choose.
func (a *Analysis) concerns(h *history, found []*incident) bool {
	for _, in := range found {
		if a.offenders.makers[a.site(in.culprit)] > 1 && !a.isUsualMistake(in) {
			return true
		}
	}
	if !a.offenders.any {
		return false
	}
	for i := range h.lives {
		if l := &h.lives[i]; i > 0 && l.open != none && l.close != none && a.caught(l.close) && !a.foreign(l.close) && a.odd(l) {
			return true
		}
	}
	return false
}

// isUsualMistake reports whether all other mistakes of a culprit's place were
// about objects of the same owner.
func (a *Analysis) isUsualMistake(in *incident) bool {
	if in.home == none || in.history.lives[in.home].open == none {
		return false
	}
	return a.usualMistake(in.culprit, in.history.lives[in.home].open) == 1
}

// faultOf is what it costs to take an operation for a fault.
func (a *Analysis) faultOf(op int32) float64 {
	cost := a.scales().fault
	if a.caught(op) {
		cost -= gainCaught
	}
	return cost
}

// caught reports whether the place of an operation is an offender by another
// operation.
func (a *Analysis) caught(op int32) bool {
	other := a.offenders.caught[a.site(op)]
	return other != none && other != op
}

// usualMistake returns the part of the other mistakes of an operation's place
// that were about objects which one place had opened.
func (a *Analysis) usualMistake(op, open int32) float64 {
	if len(a.offenders.makers) == 0 {
		return 0
	}
	m := mistake{a.site(op), a.site(open)}
	n, all := a.offenders.mistakes[m], a.offenders.makers[m.maker]
	if own, ok := a.offenders.meant[op]; ok {
		all--
		if own == m {
			n--
		}
	}
	return float64(n) / float64(max(all, 1))
}
