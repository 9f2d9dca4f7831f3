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
	margin     float64
	home       int32 // the lifetime that was mistaken, or none
	// afterSilence is whether an object of the value was stolen before, by
	// another, whose owner did not show up.
	afterSilence bool
	killed       int32 // the lifetime that was ended wrongly, or none
	// swept is whether the victim's owner, that hit the next object, may be a
	// shutdown that hit nobody else's.
	swept bool
	// failure is what a theft was taken for before it.
	failure *incident
}

func (in *incident) involve(op int32) {
	if op == in.culprit || in.involved[op] {
		return
	}
	if in.involved == nil {
		in.involved = make(map[int32]bool)
	}
	in.involved[op] = true
	in.related = append(in.related, op)
}

// inquiry makes incidents of the intents of one value.
type inquiry struct {
	*Analysis
	h     *history
	list  []*incident
	homes map[int32]*incident // by the lifetime that was mistaken
	theft map[int32]*incident // by the lifetime that was stolen
	blank *incident           // failures with no history
	// failures are the incidents of those who failed.
	failures map[maker]*incident
	heard    map[int32]bool // of stolen lifetimes, that their owners showed up
	silent   int            // stolen lifetimes whose owners did not show up yet
}

func (a *Analysis) investigate(h *history) []*incident {
	intents := a.attribute(h)
	if intents == nil {
		return nil
	}
	q := &inquiry{Analysis: a, h: h, homes: make(map[int32]*incident), theft: make(map[int32]*incident), failures: make(map[maker]*incident), heard: make(map[int32]bool)}
	for i := range intents {
		if x := &intents[i]; !x.right() {
			q.follow(x)
		}
	}
	for _, in := range q.list {
		q.grade(in)
		q.prefer(in)
	}
	return slices.DeleteFunc(q.list, func(in *incident) bool { return in.confidence == 0 })
}

// follow sorts an operation into an incident.
func (q *inquiry) follow(x *intent) {
	in := q.sort(x)
	if x.ended == none {
		q.failures[q.maker(x.op)] = in
	}
}

func (q *inquiry) sort(x *intent) *incident {
	if in := q.theft[x.meant]; in != nil && x.meant != none {
		q.victim(in, x)
		return in
	}
	if x.meant == none && x.ended == none {
		if in := q.failures[q.maker(x.op)]; in != nil {
			in.involve(x.op)
			return in
		}
		return q.unexplained(x)
	}
	in := q.homes[x.meant]
	switch {
	case in == nil || x.meant == none:
		in = q.begin(x)
	case x.ended != none && in.rule != StolenClose:
		q.worsen(in, x)
	default:
		in.involve(x.op)
	}
	if x.ended != none {
		q.theft[x.ended] = in
		q.silent++
	}
	return in
}

// victim notes how a victim found out.
func (q *inquiry) victim(in *incident, x *intent) {
	in.involve(x.op)
	if !q.heard[x.meant] {
		q.heard[x.meant] = true
		q.silent--
	}
	if x.ended != none {
		q.silent++
	}
	switch {
	case x.ended != none:
		q.theft[x.ended] = in
		if x.meant == in.killed {
			in.evidence |= ownerHitNext
			in.swept = q.sweeps(x.op)
		}
	case q.op(x.op).Kind != KindBadReference:
	case x.meant == in.killed:
		in.evidence |= ownerFailed
	default:
		in.evidence |= lastFailed
	}
}

// unexplained notes a bad reference of a value with no close before it.
func (q *inquiry) unexplained(x *intent) *incident {
	if q.blank != nil {
		q.blank.involve(x.op)
		return q.blank
	}
	q.blank = &incident{rule: BadReference, history: q.h, culprit: x.op, first: none, victim: none, home: none, killed: none}
	q.list = append(q.list, q.blank)
	return q.blank
}

// begin makes an incident of a fault.
func (q *inquiry) begin(x *intent) *incident {
	in := &incident{history: q.h, culprit: x.op, first: none, victim: none, home: x.meant, killed: x.ended, margin: x.margin, afterSilence: q.silent > 0}
	if x.meant != none {
		in.first = q.h.lives[x.meant].close
		q.homes[x.meant] = in
	}
	switch {
	case x.ended != none:
		in.rule, in.victim = StolenClose, q.h.lives[x.ended].open
	case q.isClose(x.op):
		in.rule = DoubleClose
	default:
		in.rule = UseAfterClose
	}
	q.list = append(q.list, in)
	return in
}

// worsen makes a theft the culprit of an incident that began with a failure:
// the failures of a mistake are less than what it killed.
func (q *inquiry) worsen(in *incident, x *intent) {
	before := *in
	in.failure = &before
	ops := append([]int32{in.culprit}, in.related...)
	in.rule, in.culprit, in.victim, in.killed, in.margin, in.related = StolenClose, x.op, q.h.lives[x.ended].open, x.ended, x.margin, nil
	in.involved = nil
	for _, op := range ops {
		in.involve(op)
	}
}

// prefer returns to the failure that an incident began with where the theft is
// in doubt: the failure is not.
func (q *inquiry) prefer(in *incident) {
	if in.failure == nil || in.confidence >= Likely {
		return
	}
	ops := append([]int32{in.culprit}, in.related...)
	*in = *in.failure
	in.involved = nil
	for _, op := range ops {
		in.involve(op)
	}
	q.grade(in)
}
