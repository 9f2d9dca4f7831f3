package htrace

// evidence names what speaks for a wrong close.
type evidence uint16

const (
	closedOwnBefore          evidence = 1 << iota // the closer had closed the value's previous object, its own
	otherwiseClosedElsewhere                      // objects of the victim's place are otherwise closed elsewhere
	otherThread                                   // the closer's thread owned the previous object, another the victim's
	ownerFailed                                   // the victim's owner then found the handle gone
	ownerHitNext                                  // the victim's owner then closed the next object
	wrongKind                                     // it was closed as the kind of object that the previous one was
	doneElsewhere                                 // the same place is caught at it elsewhere
	otherwiseNeverClosed                          // no other object of the victim's place is ever closed
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

// enough is how many objects of a place must have been closed to tell where
// they usually are.
const enough = 2

// muchLeft is how many objects of a place nobody has closed, if that is what is
// usual there.
const muchLeft = 8

// grade says how sure an incident is; 0 where it is not worth a word.
func (q *inquiry) grade(in *incident) {
	switch in.rule {
	case BadReference:
		in.confidence = Possible
		return
	case StolenClose:
		in.evidence |= q.closeEvidence(in)
		in.confidence = confidenceOf(in.evidence)
	default:
		in.confidence = q.gradeMisuse(in)
	}
	switch {
	case in.margin < likelyMargin:
		in.confidence = min(in.confidence, Possible)
	case in.margin < sureMargin:
		in.confidence = min(in.confidence, Likely)
	}
	switch complained := in.evidence&(ownerFailed|lastFailed) != 0; {
	case in.rule != StolenClose || complained:
	case in.evidence.has(ownerHitNext):
		// A row of closes can be explained as if each hit the next object, too.
		if in.swept || in.evidence&(otherwiseClosedElsewhere|otherwiseNeverClosed|wrongKind|doneElsewhere) == 0 {
			in.confidence = min(in.confidence, Possible)
		}
	default:
		q.gradeSilent(in)
	}
	if in.afterSilence && !in.evidence.has(ownerFailed|closedOwnBefore) {
		// Unless all is clear, it may be the owner of a stolen object that was not
		// heard of.
		in.confidence = min(in.confidence, Possible)
	}
}

// gradeSilent grades a theft that nobody complains of: it needs the place where
// its own object had been closed before, one that is caught at it elsewhere, or
// many kinds of evidence and no other explanation that comes near; and a habit
// that it breaks, or it is possible at most. Runtimes, such as a finalizer, and
// shutdowns close for others.
func (q *inquiry) gradeSilent(in *incident) {
	const many = 4 // kinds of evidence
	returned, plain := q.returned(in), in.evidence.count() >= many && in.margin >= sureMargin
	habit := in.evidence.count() >= 2 && in.evidence&(otherwiseClosedElsewhere|otherwiseNeverClosed|wrongKind) != 0
	switch {
	case !returned && in.margin < likelyMargin && !in.evidence.has(wrongKind), !habit && (in.margin < sureMargin || !q.usual(in)):
		in.confidence = 0
	case !returned && !in.evidence.has(doneElsewhere) && !plain, !habit, q.sites.sites[q.site(in.culprit)].role != application, q.sweeps(in.culprit):
		in.confidence = min(in.confidence, Possible)
	}
}

// usual reports whether it is known where objects such as the one that was ended
// are closed.
func (q *inquiry) usual(in *incident) bool {
	return q.without(q.actor(in.culprit), &q.h.lives[in.killed]).opened >= enough
}

// returned reports whether the culprit closed where its own object had been
// closed before.
func (q *inquiry) returned(in *incident) bool {
	return in.home != none && q.sites.alike(q.site(in.culprit), q.site(q.h.lives[in.home].close))
}

// gradeMisuse grades a failure. Windows records no close that failed: whoever
// wrote a trace with two closes in a row does, or the open between is missing.
func (q *inquiry) gradeMisuse(in *incident) Confidence {
	switch {
	case q.op(in.culprit).Kind == KindBadReference:
		return Certain
	case q.thread(in.culprit) == q.thread(in.first), q.sites.alike(q.site(in.culprit), q.site(in.first)):
		return Likely
	}
	return Possible
}

// closeEvidence tells what is odd in that the culprit should own what it
// killed.
func (q *inquiry) closeEvidence(in *incident) evidence {
	var e evidence
	l := &q.h.lives[in.killed]
	c, closer := q.site(in.culprit), q.thread(in.culprit)
	n := q.without(q.actor(in.culprit), l)
	if n.levels[bySite].pair <= 0 && !n.belong() && n.opened >= enough {
		e |= otherwiseClosedElsewhere
	}
	if n.opened < enough && q.usage.left[q.site(l.open)] >= muchLeft {
		e |= otherwiseNeverClosed
	}
	if q.caught(in.culprit) {
		e |= doneElsewhere
	}
	if in.home == none {
		return e
	}
	home := &q.h.lives[in.home]
	same := closer == q.thread(home.close)
	if q.sites.alike(c, q.site(home.close)) || q.sites.related(c, q.site(home.close)) || same || home.open != none && q.usage.pair(q.site(home.open), c) > 0 {
		e |= closedOwnBefore
	}
	if closer != q.thread(l.open) && (same || home.open != none && closer == q.thread(home.open)) {
		e |= otherThread
	}
	if q.mismatched(l.open, in.culprit) && (home.open == none || !q.mismatched(home.open, in.culprit)) {
		e |= wrongKind
	}
	return e
}

func confidenceOf(e evidence) Confidence {
	switch {
	case e.has(ownerFailed | closedOwnBefore), e.has(ownerHitNext | lastFailed | closedOwnBefore):
		return Certain
	case e.has(ownerFailed), e.has(ownerHitNext | closedOwnBefore), e.count() >= 3:
		return Likely
	}
	return Possible
}
