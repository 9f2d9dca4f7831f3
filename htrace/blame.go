package htrace

import "math"

// The question of this file: an object's owner finds its handle gone. Was the
// close that took it away right, and the owner's later use the fault, or was
// that close the fault, made by code that took the value for its own?

// verdict is the answer for one lifetime.
type verdict struct {
	wrong bool
	// home is the earlier lifetime of the value that the closer took this one
	// for, or none where it is only known not to be this one.
	home int
	// returned is set where the closer itself had closed its home before:
	// here a chain of wrong closes begins.
	returned bool
	evidence evidence
}

// evidence names what speaks for a wrong close.
type evidence uint8

const (
	closedOwnBefore          evidence = 1 << iota // the closer had closed the value's previous object, its own
	otherwiseClosedElsewhere                      // objects of the victim's place are otherwise closed elsewhere
	otherThread                                   // the closer's thread owned the previous object, another the victim's
	ownerFailed                                   // the victim's owner then found the handle gone
	ownerHitNext                                  // the victim's owner then closed the next object
	wrongKind                                     // it was closed as the kind of object that the previous one was
	lastFailed                                    // the last of a chain of victims found the handle gone
)

func (e evidence) has(f evidence) bool { return e&f == f }

func (e evidence) count() int {
	n := 0
	for ; e != 0; e &= e - 1 {
		n++
	}
	return n
}

// claim weighs how much an operation looks as if its maker owned the object of
// lifetime l: its place is where such objects are closed, its thread or its
// component opened it.
func (a *Analysis) claim(op int32, l *lifetime) int {
	n, s := 0, a.site(op)
	if l.open == none {
		return a.claimByClose(op, l)
	}
	o := a.site(l.open)
	if a.usage.pair(o, s).all > 0 {
		n += 2
	}
	if a.thread(l.open) == a.thread(op) {
		n += 2
	}
	if a.sites.related(o, s) {
		n++
	}
	return n + a.kinship(op, l.open)
}

// kinship weighs whether an operation went through the API that opened an
// object, as a send on a socket does, or through another.
func (a *Analysis) kinship(op, open int32) int {
	const weight = 2
	switch used, opened := a.familyOf(op), a.familyOf(open); {
	case used == nil:
		return 0
	case used == opened:
		return weight
	}
	return -weight
}

// claimByClose is claim where the trace begins after the open: all that is
// known of the object is who closed it.
func (a *Analysis) claimByClose(op int32, l *lifetime) int {
	n := 0
	c, s := a.site(l.close), a.site(op)
	if a.sites.alike(c, s) {
		n += 2
	}
	if a.thread(l.close) == a.thread(op) {
		n += 2
	}
	if a.sites.related(c, s) {
		n++
	}
	return n
}

const (
	// sameCloser is how much it adds to a claim that its maker closed the
	// object itself, and foundGone that it was closed elsewhere than its maker
	// does, or by somebody who does not as a rule.
	sameCloser, samePlace, foundGone = 3, 1, 5
	// claimWeight makes a better claim count for more than all of these.
	claimWeight = 6
	// ownersClaim is from what claim on a maker is taken for the owner: more
	// than to be of the same module.
	ownersClaim = 2
)

// holder returns which closed lifetime before the event its maker took the
// value for: the one with the best claim, and among equals the newest, or one
// whose code lies much nearer to the maker's.
func (a *Analysis) holder(h *history, e event) int {
	best, most, near := none, math.MinInt, uint64(0)
	for i := int(e.after) - 1; i >= max(int(e.after)-generations, 0); i-- {
		l := &h.lives[i]
		if l.close == none || l.close > e.op {
			continue
		}
		claim := a.claim(e.op, l)
		n, d := claimWeight*claim+a.endOf(h, i, e.op, claim), a.distance(e.op, l)
		if best != none && d > near/muchNearer {
			n--
		}
		if n > most {
			best, most, near = i, n, d
		}
	}
	return best
}

// muchNearer is how many times nearer code must be to count. The functions of
// one source file stand together in an image.
const muchNearer = 4

// distance returns how far the code of an operation is from the code that
// opened or closed an object, if they are in one module.
func (a *Analysis) distance(op int32, l *lifetime) uint64 {
	least := ^uint64(0)
	for _, other := range [2]int32{l.open, l.close} {
		if other == none || !a.sites.related(a.site(op), a.site(other)) {
			continue
		}
		x, y := a.sites.sites[a.site(op)].frame, a.sites.sites[a.site(other)].frame
		least = min(least, max(x, y)-min(x, y))
	}
	return least
}

// endOf weighs how lifetime i ended, for the claim of an operation on it.
func (a *Analysis) endOf(h *history, i int, op int32, claim int) int {
	l := &h.lives[i]
	switch same := a.site(l.close) == a.site(op); {
	case same && a.thread(l.close) == a.thread(op):
		return sameCloser
	case same:
		return samePlace
	case l.open == none || claim < ownersClaim:
		return 0
	case a.usage.pair(a.site(l.open), a.site(op)).all > 0, a.usual(h, i) == 0 && a.thread(l.close) != a.thread(l.open):
		return foundGone
	}
	return 0
}

// usual returns how many other objects of the same place were closed where
// lifetime i was, doubtful ones left out.
func (a *Analysis) usual(h *history, i int) int {
	l := &h.lives[i]
	use := a.usage.pair(a.site(l.open), a.site(l.close))
	n := use.all - use.doubtful
	if !a.doubtful(h, i) {
		n--
	}
	if use.all >= habit {
		// What happens again and again is no accident, doubtful or not.
		n = max(n, use.all-1)
	}
	return n
}

// habit is from how many times on a pair of places is taken to be normal
// whatever else speaks against it.
const habit = 5

// generations is how many earlier objects of a value are considered.
const generations = 16

// judge weighs whether the close of lifetime m was wrong, given a later
// operation by which m's owner showed that it still held the value; later is
// none where there is no such operation.
func (a *Analysis) judge(h *history, m int, later int32) verdict {
	l := &h.lives[m]
	v := verdict{home: none}
	if l.open == none || l.close == none || a.foreign(l.close) {
		return v
	}
	if a.usual(h, m) > 0 {
		return a.judgeByThread(h, m, later)
	}
	for p := m - 1; p >= max(m-generations, 0); p-- {
		home := &h.lives[p]
		if home.close == none || home.close > l.close {
			continue
		}
		// The newest that fits is what the closer still thought its own.
		if v = a.judgeHome(h, m, p, later); v.wrong {
			return v
		}
	}
	if v = a.judgeByThread(h, m, later); v.wrong || later == none {
		return v
	}
	return a.judgeStranger(l, later)
}

// sharedKinds is from how many kinds of objects on a place counts as one that
// closes for others: a consumer of a queue, a shutdown.
const sharedKinds = 3

// judgeHome weighs whether the close of m was meant for the earlier lifetime
// p, which another place had opened.
func (a *Analysis) judgeHome(h *history, m, p int, later int32) verdict {
	l, home := &h.lives[m], &h.lives[p]
	c := a.site(l.close)
	v := verdict{home: p}
	if home.open != none && a.site(home.open) == a.site(l.open) || a.usage.kinds[c] >= sharedKinds {
		return v
	}
	if later == none && !a.isMainCloser(c, home) {
		// Nobody complained, and the place closes the earlier kind of object as
		// seldom as this one: an error path.
		return v
	}
	if !a.cameBack(l, home, m-p, &v) && !a.ownedHome(l, home, m-p, later, &v) {
		return v
	}
	v.evidence |= closedOwnBefore | a.oddities(l, home) | a.aftermath(h, m, later)
	v.wrong = a.convinced(l, v, later)
	return v
}

// cameBack reports whether the closer of l had closed home itself.
func (a *Analysis) cameBack(l, home *lifetime, distance int, v *verdict) bool {
	c, before := a.site(l.close), a.site(home.close)
	same := c == before
	if distance == 1 {
		same = a.sites.alike(c, before)
	} else if a.thread(l.close) != a.thread(home.close) {
		return false
	}
	v.returned = same
	return same
}

// ownedHome reports whether the closer of l was home's owner, whom another had
// robbed of it, or belongs to home's component and not to l's.
func (a *Analysis) ownedHome(l, home *lifetime, distance int, later int32, v *verdict) bool {
	if home.open == none {
		// The ring lost the open; the close is all that is left of it.
		v.returned = later != none && a.thread(l.close) == a.thread(home.close) && a.sites.related(a.site(l.close), a.site(home.close)) && a.isStranger(l, later)
		return v.returned
	}
	c, o := a.site(l.close), a.site(home.open)
	// It may have closed home at another place of its own.
	v.returned = a.thread(l.close) == a.thread(home.close) && a.sites.related(c, a.site(home.close))
	switch {
	case a.usage.pair(o, c).all > 0:
		return true
	case later == none || !a.sites.related(c, o):
		return false
	case a.thread(l.close) == a.thread(home.open):
		return true
	}
	v.returned = v.returned || a.sites.related(c, a.site(home.close))
	return distance <= nearHome && a.isStranger(l, later)
}

// nearHome is how many generations back an object is sought whose component
// alone is the closer's.
const nearHome = 2

// isStranger reports whether nothing connects the closer of l with its owner:
// neither module nor thread.
func (a *Analysis) isStranger(l *lifetime, later int32) bool {
	closer := a.thread(l.close)
	if closer == a.thread(l.open) || closer == a.thread(later) {
		return false
	}
	return !a.sites.related(a.site(l.close), a.site(l.open)) || a.mismatched(l.open, l.close)
}

// oddities tells what is odd in that the closer of l should own it rather than
// home.
func (a *Analysis) oddities(l, home *lifetime) evidence {
	var e evidence
	if a.usage.elsewhere(a.site(l.open), a.site(l.close)) > 0 {
		e |= otherwiseClosedElsewhere
	}
	closer := a.thread(l.close)
	if closer != a.thread(l.open) && (closer == a.thread(home.close) || home.open != none && closer == a.thread(home.open)) {
		e |= otherThread
	}
	if home.open != none && a.mismatched(l.open, l.close) && !a.mismatched(home.open, l.close) {
		e |= wrongKind
	}
	return e
}

// isMainCloser reports whether most objects of the place that opened a
// lifetime are closed at c.
func (a *Analysis) isMainCloser(c siteID, l *lifetime) bool {
	if l.open == none {
		return true
	}
	o := a.site(l.open)
	return 2*a.usage.pair(o, c).all > a.usage.opens[o]
}

// convinced decides on the evidence that a close was meant for its home.
func (a *Analysis) convinced(l *lifetime, v verdict, later int32) bool {
	if later == none {
		return v.evidence.count() >= 2
	}
	// Two lay claim to the object. The closer loses if something is odd about
	// it, or if the other's claim is the better one, the close itself not
	// counted.
	if a.site(later) == a.site(l.close) && a.thread(later) == a.thread(l.close) {
		return false
	}
	return v.evidence&(otherThread|otherwiseClosedElsewhere|wrongKind) != 0 || a.claim(later, l) > a.claim(l.close, l)-2
}

// judgeByThread decides where the places tell nothing, since the same place
// opens and closes both objects: only threads can tell them apart, and only
// where the program does not hand such objects over.
func (a *Analysis) judgeByThread(h *history, m int, later int32) verdict {
	l := &h.lives[m]
	v := verdict{home: none}
	if later == none || a.foreign(l.open) {
		return v
	}
	closer, owner := a.thread(l.close), a.thread(l.open)
	if closer == owner || a.thread(later) != owner || a.usage.opens[a.site(l.open)] > 2 && !a.keepsThread(l) {
		return v
	}
	for p := m - 1; p >= max(m-generations, 0); p-- {
		home := &h.lives[p]
		if home.close == none || a.thread(home.close) != closer || home.open != none && a.thread(home.open) != closer ||
			!a.sites.related(a.site(home.close), a.site(l.close)) {
			continue
		}
		return verdict{wrong: true, returned: true, home: p, evidence: closedOwnBefore | otherThread | ownerFailed}
	}
	return v
}

// judgeStranger decides where the value has no earlier object that could be
// the closer's, because the trace begins too late: a place that closes
// another place's objects only, and the owner's own closing place that then
// fails.
func (a *Analysis) judgeStranger(l *lifetime, later int32) verdict {
	u := &a.usage
	o, c := a.site(l.open), a.site(l.close)
	use := u.pair(o, c)
	others := u.kinds[c]
	if use.all > use.doubtful {
		others--
	}
	v := verdict{home: none}
	specialised := others == 1 && u.closes[c]-use.all >= 2
	if !specialised || use.all > 1 || u.elsewhere(o, c) < 2 || u.pair(o, a.site(later)).all == 0 ||
		a.thread(l.close) == a.thread(l.open) || a.sites.related(o, c) {
		return v
	}
	v.wrong = true
	v.evidence = otherwiseClosedElsewhere | ownerFailed
	return v
}

// aftermath tells what the victim's owner did next.
func (a *Analysis) aftermath(h *history, m int, later int32) evidence {
	if later != none {
		if a.op(later).Kind == BadReference {
			return ownerFailed
		}
		return ownerHitNext
	}
	if m+1 >= len(h.lives) {
		return 0
	}
	l, next := &h.lives[m], &h.lives[m+1]
	if next.open == none || next.close == none {
		return 0
	}
	u := &a.usage
	o, n, c := a.site(l.open), a.site(next.open), a.site(next.close)
	if o != n && u.pair(o, c).all > 0 && u.pair(n, c).all == 1 && u.elsewhere(n, c) > 0 {
		return ownerHitNext
	}
	return 0
}
