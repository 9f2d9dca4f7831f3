package htrace

// unlearn takes rare pairs of places out of what is usual that look wrong
// wherever they occur: each time the place and the thread that closed the
// object had closed another's under the same value just before.
func (a *Analysis) unlearn() {
	odd := make(map[uint64][]int32) // closes, by places
	for _, h := range a.histories {
		for i := 1; i < len(h.lives); i++ {
			if l := &h.lives[i]; a.repeats(&h.lives[i-1], l) {
				k := a.usage.levels[bySite].key(a.stacksOf[l.open], a.stacksOf[l.close])
				odd[k] = append(odd[k], l.close)
			}
		}
	}
	for _, c := range a.rarelyClosed(odd) {
		a.usage.forget(a, a.counted[c], c)
		a.counted[c] = none
	}
}

// rarelyClosed returns the closes of those pairs of places that are rare and
// odd throughout.
func (a *Analysis) rarelyClosed(odd map[uint64][]int32) []int32 {
	const rare = 10 // one in so many
	l := &a.usage.levels[bySite]
	var list []int32
	for k, closes := range odd {
		if n := int32(len(closes)); n == l.pairs[k] && n*rare <= l.opened[k>>32] && n*rare <= l.closed[uint32(k)] {
			list = append(list, closes...)
		}
	}
	return list
}

// repeats reports whether an object of a place ended as the one before it under
// the value had, which was another place's.
func (a *Analysis) repeats(before, l *lifetime) bool {
	switch {
	case l.close == none || a.counted[l.close] == none || before.close == none || a.counted[before.close] == none:
		return false
	case a.site(before.close) != a.site(l.close) || a.thread(before.close) != a.thread(l.close):
		return false
	}
	return a.site(before.open) != a.site(l.open)
}
