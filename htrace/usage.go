package htrace

// usage is what is normal in a trace: which places open and close together,
// and whether the thread that opens is the one that closes.
type usage struct {
	pairs      map[[2]siteID]pairUse // by place of open and place of close
	opens      map[siteID]int        // lifetimes that were opened and closed
	sameThread map[siteID]int        // of those, closed by the thread that opened
	closes     map[siteID]int        // of those, by place of close
	kinds      map[siteID]int        // how many places' objects a place closes
}

type pairUse struct {
	all int
	// doubtful are those where the place had closed the value's previous
	// object too, which another place had opened: what a wrong close looks
	// like.
	doubtful int
}

func (a *Analysis) learn() {
	u := &a.usage
	u.pairs = make(map[[2]siteID]pairUse)
	u.opens, u.sameThread = make(map[siteID]int), make(map[siteID]int)
	u.closes, u.kinds = make(map[siteID]int), make(map[siteID]int)
	for _, h := range a.histories {
		for i := range h.lives {
			a.learnFrom(h, i)
		}
	}
	seen := make(map[[2]uint64]bool)
	for p, n := range u.pairs {
		// Several calls in one function open one kind of object.
		kind := [2]uint64{a.sites.functionAt(a.sites.sites[p[0]].frame), uint64(p[1])}
		if n.all > n.doubtful && !seen[kind] {
			seen[kind] = true
			u.kinds[p[1]]++
		}
	}
}

func (a *Analysis) learnFrom(h *history, i int) {
	l := &h.lives[i]
	if l.open == none || l.close == none || a.foreign(l.open) {
		return
	}
	o, c := a.site(l.open), a.site(l.close)
	u := &a.usage
	use := u.pairs[[2]siteID{o, c}]
	use.all++
	if a.doubtful(h, i) {
		use.doubtful++
	}
	u.pairs[[2]siteID{o, c}] = use
	u.opens[o]++
	u.closes[c]++
	if a.op(l.open).ThreadID == a.op(l.close).ThreadID {
		u.sameThread[o]++
	}
}

// doubtful reports whether lifetime i ended as a wrong close would end it: at
// the place that had closed the value's previous object too, which another
// place had opened.
func (a *Analysis) doubtful(h *history, i int) bool {
	if i == 0 {
		return false
	}
	l, p := &h.lives[i], &h.lives[i-1]
	return p.close != none && a.site(p.close) == a.site(l.close) && (p.open == none || a.site(p.open) != a.site(l.open))
}

// pair returns how often a place closes what another opened.
func (u *usage) pair(open, close siteID) pairUse { return u.pairs[[2]siteID{open, close}] }

// elsewhere returns how many objects of a place were closed at other places
// than the given one.
func (u *usage) elsewhere(open, close siteID) int { return u.opens[open] - u.pair(open, close).all }

// keepsThread reports whether objects of a place are as a rule closed by the
// thread that opened them, l itself not counted.
func (a *Analysis) keepsThread(l *lifetime) bool {
	o := a.site(l.open)
	n, same := a.usage.opens[o], a.usage.sameThread[o]
	if l.close != none {
		n--
		if a.thread(l.open) == a.thread(l.close) {
			same--
		}
	}
	const mostly = 10 // in one of ten the thread may differ
	return n >= 2 && (n-same)*mostly <= n
}
