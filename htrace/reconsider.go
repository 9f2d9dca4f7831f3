package htrace

import "slices"

// What goes wrong again and again looks like a habit. Once some of it is known
// for what it is, it is taken out of what is usual, and the values on which
// the same was done are looked at again.

// reconsider looks at the values again that were judged by what has turned out
// to be wrong.
func (a *Analysis) reconsider() {
	wrong := make(map[uint64]bool) // pairs of places
	closers := make([]bool, len(a.siteOf))
	for _, in := range a.incidents {
		if in.rule != StolenClose || in.confidence < Likely {
			continue
		}
		for _, op := range append(slices.Clone(in.related), in.culprit) {
			if open := a.counted[op]; open != none {
				a.usage.forget(a, open, op)
				a.counted[op] = none
				wrong[a.sitePair(open, op)] = true
				closers[a.site(op)] = true
			}
		}
	}
	if len(wrong) == 0 {
		return
	}
	clear(a.duos)
	var list []*incident
	old := a.incidents
	for _, h := range a.histories {
		n := 0
		for n < len(old) && old[n].history == h {
			n++
		}
		if a.did(h, wrong, closers) {
			list = append(list, a.investigate(h)...)
		} else {
			list = append(list, old[:n]...)
		}
		old = old[n:]
	}
	a.incidents = list
}

// did reports whether an object of a value was opened and closed at one of some
// pairs of places.
func (a *Analysis) did(h *history, pairs map[uint64]bool, closers []bool) bool {
	for i := range h.lives {
		if l := &h.lives[i]; l.open != none && l.close != none && closers[a.site(l.close)] && pairs[a.sitePair(l.open, l.close)] {
			return true
		}
	}
	return false
}

// sitePair numbers the places that open and close.
func (a *Analysis) sitePair(open, close int32) uint64 {
	return uint64(a.site(open))<<32 | uint64(a.site(close))
}
