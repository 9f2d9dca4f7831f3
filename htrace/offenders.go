package htrace

// Code that closes what is not its own does so again: a place that is caught
// once is suspected more readily, and what it closed then is no habit.

// investigateAll explains the histories, and those again in which a place had a
// hand that turned out to close what is not its own.
func (a *Analysis) investigateAll() {
	found := make([][]*incident, len(a.histories))
	for i, h := range a.histories {
		found[i] = a.investigate(h)
	}
	for _, list := range found {
		for _, in := range list {
			a.noteOffender(in)
		}
	}
	if len(a.offenders) > 0 && !a.spent() {
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

// noteOffender remembers the place of a wrong close that is beyond doubt, and
// takes what followed from it out of what is usual.
func (a *Analysis) noteOffender(in *incident) {
	site := a.site(in.culprit)
	if in.confidence < Certain || !a.isClose(in.culprit) || a.sites.sites[site].role != application {
		return
	}
	if _, known := a.offenders[site]; !known {
		a.offenders[site] = in.culprit
	}
	for _, op := range append(in.related, in.culprit) {
		if a.counted[op] != none {
			a.usage.forget(a, a.counted[op], op)
			a.counted[op] = none
		}
	}
}

// concerns reports whether an offender ended an object of a history in a way
// that its owner would hardly choose.
func (a *Analysis) concerns(h *history) bool {
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
	other, ok := a.offenders[a.site(op)]
	return ok && other != op
}
