package htrace

import "slices"

// incident is one fault with all that followed from it. Operations are places
// in the trace, or none.
type incident struct {
	rule       Rule
	confidence Confidence
	history    *history
	culprit    int32
	first      int32
	victim     int32
	related    []int32
	involved   map[int32]bool
	evidence   evidence
}

// involve adds an operation that followed from the incident.
func (in *incident) involve(op int32) {
	if op == in.culprit || op == none || in.involved[op] {
		return
	}
	if in.involved == nil {
		in.involved = make(map[int32]bool)
	}
	in.involved[op] = true
	in.related = append(in.related, op)
}

// inquiry looks for the incidents of one value.
type inquiry struct {
	*Analysis
	h    *history
	list []*incident
	// by finds an incident by its culprit or by the close that was right.
	byCulprit map[int32]*incident
	byFirst   map[int32]*incident
	blank     *incident // bad references with no history
	failures  map[maker]failure
}

func (a *Analysis) investigate(h *history) []*incident {
	if len(h.events) == 0 && len(h.lives) < 2 {
		return nil
	}
	q := &inquiry{Analysis: a, h: h, byCulprit: make(map[int32]*incident), byFirst: make(map[int32]*incident), failures: make(map[maker]failure)}
	for _, e := range h.events {
		q.follow(e)
	}
	for i := range h.lives {
		q.suspect(i)
	}
	return slices.DeleteFunc(q.list, func(in *incident) bool { return in.culprit == none })
}

// follow explains an operation that found nothing under its value.
func (q *inquiry) follow(e event) {
	m := q.holder(q.h, e)
	if m == none {
		q.unexplained(e)
		return
	}
	closed := q.h.lives[m].close
	if in := q.byCulprit[closed]; in != nil {
		q.join(in, []int32{e.op})
		return
	}
	if in := q.again(e, m); in != nil {
		q.join(in, []int32{e.op})
		return
	}
	if v := q.judge(q.h, m, e.op); v.wrong {
		q.stolen(m, v, e.op)
		return
	}
	if in := q.byFirst[closed]; in != nil {
		q.join(in, []int32{e.op})
		return
	}
	q.misuse(e, closed)
}

// maker is who fails: a thread at a place.
type maker struct {
	thread uint32
	site   siteID
}

// failure is the last that a maker had with the value, and its incident.
type failure struct {
	op int32
	in *incident
}

// again returns the incident that an operation goes on with: the same place
// and thread tries the same stale value once more, without having opened it
// anew.
func (q *inquiry) again(e event, m int) *incident {
	last, ok := q.failures[maker{q.thread(e.op), q.site(e.op)}]
	l := &q.h.lives[m]
	if !ok || l.open != none && l.open > last.op && q.thread(l.open) == q.thread(e.op) {
		return nil
	}
	return last.in
}

// note remembers who failed.
func (q *inquiry) note(in *incident, op int32) {
	if q.op(op).Kind == BadReference {
		q.failures[maker{q.thread(op), q.site(op)}] = failure{op, in}
	}
}

// unexplained notes a bad reference of a value with no close before it.
func (q *inquiry) unexplained(e event) {
	if q.blank != nil {
		q.blank.involve(e.op)
		return
	}
	q.blank = &incident{rule: BadReferenceRule, confidence: Possible, history: q.h, culprit: e.op, first: none, victim: none}
	q.list = append(q.list, q.blank)
}

// misuse notes a close or use after the close that was right.
func (q *inquiry) misuse(e event, closed int32) {
	in := &incident{rule: UseAfterClose, confidence: Certain, history: q.h, culprit: e.op, first: closed, victim: none}
	if q.isClose(e.op) {
		in.rule = DoubleClose
	}
	if q.op(e.op).Kind == Close {
		// Windows records no close that failed. Whoever wrote this trace does,
		// or the open between the two is missing.
		in.confidence = Possible
		if q.thread(e.op) == q.thread(closed) || q.sites.alike(q.site(e.op), q.site(closed)) {
			in.confidence = Likely
		}
	}
	q.list = append(q.list, in)
	q.byFirst[closed] = in
	q.note(in, e.op)
}

// stolen notes that the close of lifetime m was wrong, and climbs to the first
// wrong close of the chain: each victim, closing what it thinks its own, may
// have hit the next.
func (q *inquiry) stolen(m int, v verdict, later int32) {
	var chain []int32
	if later != none {
		chain = append(chain, later)
	}
	for v.home != none && q.byCulprit[q.h.lives[m].close] == nil {
		w := q.judge(q.h, v.home, q.laterOf(m, v))
		if !w.wrong {
			break
		}
		chain = append(chain, q.h.lives[m].close)
		m, v = v.home, w
	}
	if len(chain) > 1 && later != none && q.op(later).Kind == BadReference {
		v.evidence |= lastFailed
	}
	q.join(q.theft(m, v), chain)
}

// theft returns the incident whose culprit is the close of lifetime m.
func (q *inquiry) theft(m int, v verdict) *incident {
	l := &q.h.lives[m]
	if in := q.byCulprit[l.close]; in != nil {
		return in
	}
	in := &incident{rule: StolenClose, history: q.h, culprit: l.close, first: none, victim: l.open, evidence: v.evidence, confidence: confidenceOf(v.evidence)}
	if v.home != none {
		in.first = q.h.lives[v.home].close
		q.absorb(in)
	}
	// What was taken for a misuse after a right close is the victim's failure.
	q.swallow(in, q.byFirst[l.close])
	q.list = append(q.list, in)
	q.byCulprit[l.close] = in
	return in
}

// join makes operations part of an incident.
func (q *inquiry) join(in *incident, ops []int32) {
	for _, op := range ops {
		in.involve(op)
		q.note(in, op)
		if q.op(op).Kind == Close {
			q.byCulprit[op] = in
		}
	}
}

// laterOf returns the operation by which the owner of v's home showed that it
// held it still: the wrong close itself, unless the closer had given its home
// up before.
func (q *inquiry) laterOf(m int, v verdict) int32 {
	if v.returned {
		return none
	}
	return q.h.lives[m].close
}

// absorb makes the failures of the same closer part of its incident.
func (q *inquiry) absorb(in *incident) {
	q.swallow(in, q.byFirst[in.first])
	q.byFirst[in.first] = in
}

// swallow makes another incident, if there is one, part of in.
func (q *inquiry) swallow(in, other *incident) {
	if other == nil || other == in || other.rule == StolenClose {
		return
	}
	q.join(in, append([]int32{other.culprit}, other.related...))
	q.list = slices.DeleteFunc(q.list, func(o *incident) bool { return o == other })
}

// suspect looks at a close that nobody complained of.
func (q *inquiry) suspect(m int) {
	l := &q.h.lives[m]
	if l.close == none || q.byCulprit[l.close] != nil {
		return
	}
	if v := q.judge(q.h, m, none); v.wrong {
		q.stolen(m, v, none)
	}
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
