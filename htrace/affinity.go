package htrace

import "math"

// An operation means some object. Which one is told by who its maker is, and
// that by its place and thread. The affinity of an operation for a lifetime is
// the logarithm of how many times likelier the operation is if its maker owns
// that object than if it were anybody's.

// boundAffinity keeps single pieces of evidence from deciding everything.
const boundAffinity = 6

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
	duo                                         *duo
	pair, opened, closed, same, visits, threads float64
	openers, closers, kin                       float64
	pathPair, pathOpened, pathClosed            float64
}

// duo is what is known of an operation with one stack on an object that was
// opened with another.
type duo struct {
	sharing
	relation       float64
	pair, pathPair float64
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
		d = &duo{sharing: a.sharedBy(x, y), least: math.NaN()}
		d.relation = a.relation(a.siteOf[x], a.siteOf[y], &d.sharing)
		d.pair = float64(a.usage.pair(a.siteOf[x], a.siteOf[y]))
		d.pathPair = float64(a.usage.pathPairs[pathPair{a.crowd.pathOf[x], a.crowd.pathOf[y]}])
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

func (a *Analysis) path(op int32) int32 { return a.crowd.pathOf[a.stacksOf[op]] }

// without counts for an actor and a lifetime, leaving out what the lifetime
// itself added, and the operation of the actor wherever it was counted.
func (a *Analysis) without(x actor, l *lifetime) counts {
	u := a.usage
	o, p, q := a.site(l.open), a.path(l.open), a.path(x.op)
	d := a.duo(l.open, x.op)
	n := counts{
		duo: d, pair: d.pair, opened: float64(u.opened[o]), closed: float64(u.closed[x.site]), same: float64(u.same[o]),
		visits: float64(u.visits[siteThread{x.site, x.thread}]), threads: float64(u.threads[x.thread]) - 1,
		pathPair: d.pathPair, pathOpened: float64(u.pathOpened[p]), pathClosed: float64(u.pathClosed[q]),
		openers: float64(u.openers[x.site]), closers: float64(u.closers[o]), kin: float64(u.kin[o]),
	}
	if l.close != none && !a.foreign(l.close) {
		n.leaveOut(a, x, l, q)
	}
	if with := a.counted[x.op]; x.op != l.close && with != none {
		n.closed--
		n.visits--
		n.pathClosed--
		if a.path(with) == p {
			n.pathOpened--
			n.pathPair--
		}
		if a.site(with) == o {
			n.opened--
			n.pair--
			n.noLongerUsual()
			if a.thread(with) == x.thread {
				n.same--
			}
		}
	}
	n.pathPair, n.pathOpened, n.pathClosed = max(n.pathPair, 0), max(n.pathOpened, 0), max(n.pathClosed, 0)
	n.closed, n.visits, n.opened, n.pair, n.same = max(n.closed, 0), max(n.visits, 0), max(n.opened, 0), max(n.pair, 0), max(n.same, 0)
	return n
}

// leaveOut takes a lifetime's own close away.
func (n *counts) leaveOut(a *Analysis, x actor, l *lifetime, path int32) {
	n.opened--
	n.pathOpened--
	if a.path(l.close) == path {
		n.pathPair--
		n.pathClosed--
	}
	if a.duo(l.open, l.close).hasFunction() {
		n.kin--
	}
	if a.thread(l.close) == a.thread(l.open) {
		n.same--
	}
	if a.site(l.close) != x.site {
		return
	}
	n.pair--
	n.closed--
	if a.thread(l.close) == x.thread {
		n.visits--
	}
	n.noLongerUsual()
}

func (n *counts) noLongerUsual() {
	if n.pair == 0 {
		n.openers--
		n.closers--
	}
}

// own is the affinity of an operation for a lifetime of which the open is
// known, if its maker is the owner.
func (a *Analysis) own(x actor, l *lifetime) float64 {
	n := a.without(x, l)
	place := a.byPlace(x, &n) * byCallers(&n)
	return bounded(place) + bounded(a.byThread(x, l, &n)) + a.byKind(x.op, l.open)
}

// leastThread is the least that byThread gives.
const leastThread = 0.02

// atLeast returns what own is at the least for the close of a lifetime.
func (a *Analysis) atLeast(l *lifetime) float64 {
	d := a.duo(l.open, l.close)
	if math.IsNaN(d.least) {
		x := a.actor(l.close)
		n := a.without(x, l)
		d.least = bounded(a.byPlace(x, &n)*byCallers(&n)) + bounded(leastThread) + a.byKind(x.op, l.open)
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
	// Of the objects of the open's place, how many are closed here.
	byOpen := (n.pair*closes/(n.closed+1) + (1+n.closers)/2*relation) / (n.opened + (1+n.closers)/2)
	// Of what is closed here, how much the open's place opened.
	spread := 0.5 + n.openers/2
	byClose := (n.pair*closes/(n.opened+1) + spread*relation) / (n.closed + spread)
	place := math.Sqrt(byOpen * byClose)
	// The same once more by the paths of calls, where they were seen before.
	byOpen = (n.pathPair*closes/(n.pathClosed+1) + place) / (n.pathOpened + 1)
	byClose = (n.pathPair*closes/(n.pathOpened+1) + place) / (n.pathClosed + 1)
	return math.Sqrt(byOpen * byClose)
}

// relation is how many times likelier an open and another operation are to
// belong together, from where they lie in the code alone.
func (a *Analysis) relation(open, op siteID, common *sharing) float64 {
	const (
		sameFunction = 25
		inModule     = 0.8 // of all pairs of places that belong together
		apart        = 0.3
	)
	switch {
	case a.sites.sites[open].module == "" || a.sites.sites[op].module == "":
		return 1
	case a.sites.alike(open, op):
		return sameFunction
	case common.module == 1:
		return apart
	}
	return max(inModule/common.module, 1) * nearness(common.nearer)
}

// byCallers is how many times likelier an operation is for the callers that it
// has in common with the open.
func byCallers(n *counts) float64 {
	part := n.duo.function
	const prior = 2
	usual := (n.kin + prior*0.5) / (n.opened + prior)
	if part < usualPart {
		return max(usual, 0.05) / part
	}
	return max(1-usual, 0.05)
}

// nearness is how many times likelier two places of one module are to belong
// together, given the part of the module's opens that lie nearer: the functions
// of one source file stand together.
func nearness(nearer float64) float64 { return 0.5 / math.Sqrt(max(nearer, 0.01)) }

// byThread is how many times likelier the thread is.
func (a *Analysis) byThread(x actor, l *lifetime, n *counts) float64 {
	u := a.usage
	share := max(n.threads, 0.5) / (float64(u.ops) + 1)
	background := (n.visits + share) / (n.closed + 1)
	if !x.close {
		background = share
	}
	keeps := (n.same + 1) / (n.opened + 1.5)
	opener := a.thread(l.open)
	if x.thread == opener {
		return max(keeps/max(background, leastThread), leastThread)
	}
	owners := (float64(u.visits[siteThread{x.site, opener}]) + float64(u.threads[opener])/(float64(u.ops)+1)) / (n.closed + 1)
	return max(1-keeps, leastThread) / max(1-owners, leastThread)
}

// byKind weighs whether an operation goes through the API that opened the
// object, as a send on a socket does, and whether its system call is for such
// objects.
func (a *Analysis) byKind(op, open int32) float64 {
	const match, mismatch = 1.5, -3
	sum := 0.0
	used, opened := a.callsOf(op), a.callsOf(open)
	switch {
	case used.passed != nil && opened.opened == used.passed:
		sum += match
	case used.passed != nil && opened.opened != nil, used.passed == nil && opened.opened != nil && used.closeHandle:
		sum += mismatch
	case used.passed != nil && opened.kindKnown && opened.opens != fileObject && opened.opens != keyObject:
		sum += mismatch
	}
	if k := used.uses; k != anyObject && opened.opens != anyObject {
		share := (float64(a.usage.kinds[k]) + 1) / (float64(int(a.usage.opens)+len(a.histories)) + 1)
		if k == opened.opens {
			sum += min(math.Log(0.97/share), 3)
		} else {
			sum += mismatch
		}
	}
	return sum
}

// again is the affinity of a further operation for a lifetime that its owner
// has ended: the maker may be who ended it, or another of the owner's.
func (a *Analysis) again(x actor, l *lifetime) float64 {
	u := a.usage
	c := l.close
	closes := float64(u.closes) + 1
	const floor, unknownOpen = 0.02, 0.4
	background := max((float64(u.visits[siteThread{x.site, x.thread}])+float64(u.threads[x.thread])/float64(u.ops+1))/(float64(u.closed[x.site])+1), floor)
	atPlace, onThread := 0.0, 0.0
	if a.site(c) == x.site {
		atPlace = closes / (float64(u.closed[x.site]) + 1)
	} else if a.sites.alike(a.site(c), x.site) {
		atPlace = 10
	}
	if a.thread(c) == x.thread {
		onThread = 1 / background
	}
	ownPlace, ownThread, kind := 0.0, 1.0, 0.0
	if l.open != none {
		n := a.without(x, l)
		ownPlace, ownThread, kind = newPlace(a.byPlace(x, &n), n.duo.relation)*astray(byCallers(&n)), astray(a.byThread(x, l, &n)), a.byKind(x.op, l.open)
	} else {
		ownPlace = a.duo(c, x.op).relation * unknownOpen
	}
	likelihood := 0.25*atPlace*onThread + 0.1*atPlace*ownThread + 0.2*ownPlace*onThread + 0.45*ownPlace*ownThread
	return min(bounded(likelihood)+kind, 2*boundAffinity)
}

// astray weakens what is usual for threads and callers: where something goes
// wrong, it is often because another thread comes another way.
func astray(likelihood float64) float64 {
	const asUsual = 0.5
	return (1 - asUsual) + asUsual*likelihood
}

// newPlace weakens what is usual for places: what goes wrong is often done in a
// place of the owner's that does nothing else.
func newPlace(usual, relation float64) float64 {
	const asUsual = 0.5
	return (1-asUsual)*relation + asUsual*usual
}
