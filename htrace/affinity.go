package htrace

import "math"

// An operation means some object. Which one is told by who its maker is, and
// that by its place and thread. The affinity of an operation for a lifetime is
// the logarithm of how many times likelier the operation is if its maker owns
// that object than if it were anybody's.

func bounded(likelihood float64) float64 {
	return min(max(math.Log(likelihood), -boundAffinity), boundAffinity)
}

// actor is who makes an operation.
type actor struct {
	op     int32
	site   siteID
	thread uint32
	close  bool // it tries to close
}

func (a *Analysis) actor(op int32) actor {
	return actor{op, a.site(op), a.thread(op), a.isClose(op)}
}

// counts is what is usual, one lifetime left out.
type counts struct {
	duo                        *duo
	levels                     [levels]levelCounts
	same, kin, visits, threads float64
	opened, closed             float64 // by site
}

// levelCounts is what is usual of a pair of places.
type levelCounts struct {
	pair, opened, closed, openers, closers float64
}

// leaveOut takes one close away, of which it is known whether its object was
// opened, and whether it was made, at the places of the pair.
func (c *levelCounts) leaveOut(opened, closed bool) {
	if opened {
		c.opened--
	}
	if closed {
		c.closed--
	}
	if opened && closed {
		if c.pair--; c.pair <= 0 {
			c.openers--
			c.closers--
		}
	}
}

// duo is what is known of an operation with one stack on an object that was
// opened with another.
type duo struct {
	sharing
	relation float64
	pair     [levels]float64
	// least is what the affinity of a close for the object that it ended is at
	// the least, whatever the thread; NaN until it is asked for.
	least float64
}

// duo looks at two stacks, once.
func (a *Analysis) duo(open, op int32) *duo {
	key := a.stackPair(open, op)
	d := a.duos[key]
	if d == nil {
		x, y := a.stackID(open), a.stackID(op)
		d = &duo{sharing: a.sharedBy(x, y, a.op(open).Kind == KindClose), least: math.NaN()}
		d.relation = a.relation(a.siteOf[x], a.siteOf[y], &d.sharing)
		for i := range d.pair {
			l := &a.usage.levels[i]
			d.pair[i] = float64(l.pairs[l.key(x, y)])
		}
		a.duos[key] = d
	}
	return d
}

// stackID numbers the stack of an operation; what other processes do counts as
// one stack, for their code is not known.
func (a *Analysis) stackID(op int32) int32 { return a.stacksOf[op] }

func (a *Analysis) stackPair(open, op int32) uint64 {
	return uint64(a.stacksOf[open])<<32 | uint64(a.stacksOf[op])
}

// without counts for an actor and a lifetime, leaving out what the lifetime
// itself added, and the operation of the actor wherever it was counted.
func (a *Analysis) without(x actor, l *lifetime) counts {
	u := a.usage
	o := a.site(l.open)
	n := counts{
		duo: a.duo(l.open, x.op), same: float64(u.same[o]), kin: float64(u.kin[o]),
		visits: float64(u.visits[visit(x.site, x.thread)]), threads: float64(u.threads[x.thread]) - 1,
	}
	own := l.close != none && a.counted[l.close] != none
	with := a.counted[x.op]
	if x.op == l.close {
		with = none
	}
	for i := range n.levels {
		n.levels[i] = a.levelCounts(n.duo.pair[i], &u.levels[i], x, l, own, with)
	}
	n.opened, n.closed = n.levels[bySite].opened, n.levels[bySite].closed
	if own {
		n.leaveOutOwn(a, x, l)
	}
	if with != none {
		n.leaveOutOther(a, x, o, with)
	}
	n.visits, n.same = max(n.visits, 0), max(n.same, 0)
	return n
}

// levelCounts counts for the places of one level.
func (a *Analysis) levelCounts(pair float64, h *levelHabits, x actor, l *lifetime, own bool, with int32) levelCounts {
	o, c := h.of[a.stacksOf[l.open]], h.of[a.stacksOf[x.op]]
	n := levelCounts{pair, float64(h.opened[o]), float64(h.closed[c]), float64(h.openers[c]), float64(h.closers[o])}
	if own {
		n.leaveOut(true, h.of[a.stacksOf[l.close]] == c)
	}
	if with != none {
		n.leaveOut(h.of[a.stacksOf[with]] == o, true)
	}
	n.pair, n.opened, n.closed, n.openers, n.closers = max(n.pair, 0), max(n.opened, 0), max(n.closed, 0), max(n.openers, 0), max(n.closers, 0)
	return n
}

// leaveOutOwn takes a lifetime's own close away.
func (n *counts) leaveOutOwn(a *Analysis, x actor, l *lifetime) {
	if a.duo(l.open, l.close).hasFunction() {
		n.kin--
	}
	if a.thread(l.close) == a.thread(l.open) {
		n.same--
	}
	if a.site(l.close) == x.site && a.thread(l.close) == x.thread {
		n.visits--
	}
}

// leaveOutOther takes away what the operation of the actor added, as the close
// of another lifetime.
func (n *counts) leaveOutOther(a *Analysis, x actor, site siteID, with int32) {
	n.visits--
	if a.site(with) == site && a.thread(with) == x.thread {
		n.same--
	}
}

// suit is how an operation suits a lifetime of which the open is known.
type suit struct {
	counts
	place, callers, thread float64 // likelihoods
	kind, tag              float64 // affinities
}

func (a *Analysis) suit(x actor, l *lifetime) suit {
	s := suit{counts: a.without(x, l), kind: a.byKind(x.op, l.open), tag: a.byTag(x.op, l)}
	s.place, s.callers, s.thread = a.byPlace(x, &s.counts), byCallers(&s.counts), a.byThread(x, l, &s.counts)
	return s
}

// own is the affinity of an operation for a lifetime of which the open is
// known, if its maker is the owner.
func (a *Analysis) own(x actor, l *lifetime) float64 {
	s := a.suit(x, l)
	return s.own()
}

func (s *suit) own() float64 {
	return s.bounded(s.place*s.callers) + bounded(s.thread) + s.kind + s.tag
}

// bounded bounds what a place tells: the more was seen of both places, the more
// it says that they have nothing in common.
func (n *counts) bounded(place float64) float64 {
	return min(max(math.Log(place), -boundAffinity-math.Log1p(min(n.opened, n.closed))), boundAffinity)
}

// byTag weighs the tag bits of a handle: who puts them on does it for all
// handles of a kind.
func (a *Analysis) byTag(op int32, l *lifetime) float64 {
	u := a.usage
	if u.tagged[0] == u.closes {
		return 0
	}
	o, tag := a.site(l.open), a.tag(op)
	count := func(tag uint8) float64 {
		n := float64(u.tags[o][tag])
		if l.close != none && a.counted[l.close] != none && a.tag(l.close) == tag {
			n--
		}
		if with := a.counted[op]; op != l.close && with != none && a.site(with) == o && a.tag(op) == tag {
			n--
		}
		return max(n, 0)
	}
	all := count(0) + count(1) + count(2) + count(3)
	background := (float64(u.tagged[tag]) + tagPrior) / (float64(u.closes) + 4*tagPrior)
	return math.Log((count(tag) + tagPrior*background) / (all + tagPrior) / background)
}

// atLeast returns what own is at the least for the close of a lifetime.
func (a *Analysis) atLeast(l *lifetime) float64 {
	d := a.duo(l.open, l.close)
	if math.IsNaN(d.least) {
		x := a.actor(l.close)
		n := a.without(x, l)
		d.least = n.bounded(a.byPlace(x, &n)*byCallers(&n)) + bounded(leastThread) + a.byKind(x.op, l.open)
	}
	return d.least
}

// byPlace is how many times likelier the place is.
func (a *Analysis) byPlace(x actor, n *counts) float64 {
	relation := n.duo.relation
	if !x.close {
		return relation
	}
	closes := float64(a.usage.closes) + 1
	helper := n.levels[byHelper].likelihood(closes, relation)
	place := n.levels[byPath].likelihood(closes, n.levels[bySite].likelihood(closes, helper))
	if n.belong() {
		place = max(place, n.levels[byInside].likelihood(closes, helper))
	}
	return place
}

// belong reports whether what looks like helpers on the stacks of an open and a
// close are no helpers, but the places themselves, which many call: they go
// together, and hardly with others.
func (n *counts) belong() bool {
	const fewOpeners = 2
	l := &n.levels[byInside]
	return l.pair >= enough && l.openers <= fewOpeners
}

// likelihood is how many times likelier a place closes what the other opened
// than if chance decided, given how much likelier that would be if nothing of
// the kind had been seen.
func (c *levelCounts) likelihood(closes, unseen float64) float64 {
	// Of the objects of the open's place, how many are closed here.
	other := (1 + c.closers) * variety
	byOpen := (c.pair*closes/(c.closed+1) + other*unseen) / (c.opened + other)
	// Of what is closed here, how much the open's place opened.
	other = (1 + c.openers) * spread
	byClose := (c.pair*closes/(c.opened+1) + other*unseen) / (c.closed + other)
	return math.Sqrt(byOpen * byClose)
}

// relation is how many times likelier an open and another operation are to
// belong together, from where they lie in the code alone.
func (a *Analysis) relation(open, op siteID, common *sharing) float64 {
	switch {
	case a.sites.sites[open].module == "" || a.sites.sites[op].module == "":
		return 1
	case a.sites.alike(open, op):
		return sameFunction
	case common.module == 1:
		return a.usage.apart
	}
	return max(a.usage.together/common.module, 1) * nearness(common.nearer)
}

// byCallers is how many times likelier an operation is for the callers that it
// has in common with the open.
func byCallers(n *counts) float64 {
	part := n.duo.function
	usual := (n.kin + kinPrior*0.5) / (n.opened + kinPrior)
	if part < usualPart {
		return max(usual, kinLeast) / part
	}
	return max(1-usual, kinLeast)
}

// nearness is how many times likelier two places of one module are to belong
// together, given the part of the module's opens that lie nearer: the functions
// of one source file stand together.
func nearness(nearer float64) float64 {
	return nearest * math.Pow(max(nearer, 0.01), -nearPower)
}

// byThread is how many times likelier the thread is.
func (a *Analysis) byThread(x actor, l *lifetime, n *counts) float64 {
	u := a.usage
	share := max(n.threads, 0.5) / (float64(u.ops) + 1)
	background := (n.visits + share) / (n.closed + 1)
	if !x.close {
		background = share
	}
	keeps := min((n.same+keepsPrior)/(n.opened+keepsWeight), 1)
	opener := a.thread(l.open)
	if x.thread == opener {
		return max(keeps/max(background, leastThread), leastThread)
	}
	owners := (float64(u.visits[visit(x.site, opener)]) + float64(u.threads[opener])/(float64(u.ops)+1)) / (n.closed + 1)
	return max(1-keeps, leastThread) / max(1-owners, leastThread)
}

// byKind weighs whether an operation goes through the API that opened the
// object, as a send on a socket does, and whether its system call is for such
// objects.
func (a *Analysis) byKind(op, open int32) float64 {
	sum := 0.0
	used, opened := a.callsOf(op), a.callsOf(open)
	switch {
	case used.nameless && opened.nameless:
		sum += byModules(used.passed, opened.passed)
	case used.passed != nil && opened.opened == used.passed:
		sum += kindMatch
	case used.passed != nil && opened.opened != nil, used.passed == nil && opened.opened != nil && used.closeHandle:
		sum += kindMismatch
	case used.passed != nil && opened.kindKnown && opened.opens != fileObject && opened.opens != keyObject:
		sum += kindMismatch
	}
	if k := used.uses; k != anyObject && opened.opens != anyObject {
		share := (float64(a.usage.kinds[k]) + 1) / (float64(int(a.usage.opens)+len(a.histories)) + 1)
		if k == opened.opens {
			sum += min(math.Log(0.97/share), 3)
		} else {
			sum += kindMismatch
		}
	}
	return sum
}

// byModules weighs whether two operations go through the same API, as far as
// the names of its modules tell: who closes a socket goes through Winsock, as
// did who opened it.
func byModules(used, opened *family) float64 {
	switch {
	case used != opened && (used == sockets || opened == sockets):
		return kindMismatch
	case used == opened && used == sockets:
		return kindMatch
	}
	return 0
}

// again is the affinity of a further operation for a lifetime that its owner
// has ended: the maker may be who ended it, or another of the owner's.
func (a *Analysis) again(x actor, l *lifetime) float64 {
	if l.open == none {
		return a.againAs(x, l, nil)
	}
	s := a.suit(x, l)
	return a.againAs(x, l, &s)
}

// againAs is again, given how the operation suits the lifetime: nil where the
// open is not known.
func (a *Analysis) againAs(x actor, l *lifetime, s *suit) float64 {
	u := a.usage
	c := l.close
	closes := float64(u.closes) + 1
	background := max((float64(u.visits[visit(x.site, x.thread)])+float64(u.threads[x.thread])/float64(u.ops+1))/(float64(u.levels[bySite].closed[x.site])+1), leastBackground)
	atPlace, onThread := 0.0, 0.0
	for i := range u.levels {
		h := &u.levels[i]
		if p := h.of[a.stacksOf[c]]; p == h.of[a.stacksOf[x.op]] {
			atPlace = max(atPlace, closes/(float64(h.closed[p])+1))
		}
	}
	if atPlace == 0 && a.sites.alike(a.site(c), x.site) {
		atPlace = 10
	}
	if a.thread(c) == x.thread {
		onThread = 1 / background
	}
	ownPlace, ownThread, kind := 0.0, 1.0, 0.0
	if s != nil {
		ownPlace, ownThread = newPlace(s.place, a.nearEither(s.duo.relation, c, x.op))*astray(s.callers), astray(s.thread)
		kind = s.kind + max(s.tag, leastAstrayTag)
	} else {
		ownPlace = a.duo(c, x.op).relation * unknownOpen
	}
	likelihood := samePlaceSameThread*atPlace*onThread + samePlaceOwnThread*atPlace*ownThread + ownPlaceSameThread*ownPlace*onThread + ownPlaceOwnThread*ownPlace*ownThread
	return min(bounded(likelihood)+kind, 2*boundAffinity)
}

// nearEither is how many times likelier an operation belongs to an object, from
// where it lies in the code, given that for the object's open: what is far from
// the open, which may be a helper's, may be near to the close.
func (a *Analysis) nearEither(open float64, close, op int32) float64 {
	if a.foreign(close) {
		return open
	}
	return (1-nearClose)*open + nearClose*a.duo(close, op).relation
}

// astray weakens what is usual for threads and callers: where something goes
// wrong, it is often because another thread comes another way.
func astray(likelihood float64) float64 {
	return (1 - astrayAsUsual) + astrayAsUsual*likelihood
}

// newPlace weakens what is usual for places: what goes wrong is often done in a
// place of the owner's that does nothing else.
func newPlace(usual, relation float64) float64 {
	return (1-placeAsUsual)*relation + placeAsUsual*usual
}
