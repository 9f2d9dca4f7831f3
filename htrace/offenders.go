package htrace

// Code that makes a mistake makes it again: a place that is caught once is
// suspected more readily, what it closed then is no habit, and where it fails
// again it meant objects of the same owner as before.

// offenders is what is known beyond doubt of those who make mistakes.
type offenders struct {
	places   map[siteID]int32  // places that close what is not theirs, and an operation that does
	mistakes map[mistake]int   // how often
	makers   map[siteID]int    // how many mistakes of each place
	meant    map[int32]mistake // by operation
}

// mistake is a place that takes a handle for that of an object which another
// had opened.
type mistake struct{ maker, opener siteID }

func newOffenders() *offenders {
	return &offenders{make(map[siteID]int32), make(map[mistake]int), make(map[siteID]int), make(map[int32]mistake)}
}

// investigateAll explains the histories, and those again in which a place had a
// hand that turned out to make mistakes.
func (a *Analysis) investigateAll() {
	a.offenders = newOffenders()
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
	if !a.spent() {
		clear(a.duos)
		for i, h := range a.histories {
			if a.concerns(h) {
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
	if _, known := a.offenders.places[site]; !known {
		a.offenders.places[site] = in.culprit
	}
	for _, op := range append(in.related, in.culprit) {
		if a.counted[op] != none {
			a.usage.forget(a, a.counted[op], op)
			a.counted[op] = none
		}
	}
}

// concerns reports whether one who makes mistakes fails in a history, or an
// offender ended an object there in a way that its owner would hardly choose.
func (a *Analysis) concerns(h *history) bool {
	for _, e := range h.events {
		if a.offenders.makers[a.site(e.op)] > 1 {
			return true
		}
	}
	for i := range h.lives {
		if l := &h.lives[i]; i > 0 && l.open != none && l.close != none && a.caught(l.close) && !a.foreign(l.close) && a.odd(l) {
			return true
		}
	}
	return false
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
	other, ok := a.offenders.places[a.site(op)]
	return ok && other != op
}

// usualMistake returns the part of the other mistakes of an operation's place
// that were about objects which one place had opened.
func (a *Analysis) usualMistake(op, open int32) float64 {
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
