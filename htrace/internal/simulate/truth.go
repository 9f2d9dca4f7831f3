package simulate

import "github.com/handletrace/handletrace/htrace"

// None stands for an operation that there is none of, or that the trace does
// not hold.
const None = -1

// Answer is what an analyser may say of an incident. Operations are given by
// their place among the stored entries.
type Answer struct {
	Rule    htrace.Rule
	Culprit int
	// FirstClose is the close that was right; None where the trace lost it.
	FirstClose int
	// AnyFirstClose accepts any first close, because the trace cannot tell.
	AnyFirstClose bool
	// Victim is the open of the object that died.
	Victim int
}

// Truth is one thing that is wrong in a trace.
type Truth struct {
	// Fault is what was injected.
	Fault string
	// Answers are the right answers, the best first.
	Answers []Answer
	// Undecidable says why the trace cannot tell who was at fault; empty where
	// it can.
	Undecidable string
	// Cascade are all operations of the incident, or all opens of a leak's
	// objects.
	Cascade []int
	// Count is how many objects leaked; 0 elsewhere.
	Count int
}

// truth returns all that is wrong in the stored trace.
func (m *machine) truth() []Truth {
	var list []Truth
	for _, inc := range m.incidents {
		if inc.wrong[0].stored != None {
			list = append(list, m.truthOf(inc))
		}
	}
	for _, l := range m.leaks {
		if t := m.leakTruth(l); t.Count > 0 {
			list = append(list, t)
		}
	}
	return list
}

func (m *machine) truthOf(inc *incident) Truth {
	t := Truth{Fault: inc.fault, Answers: []Answer{m.answer(inc, inc.wrong[0], inc.rule)}}
	for _, e := range inc.wrong {
		t.Cascade = append(t.Cascade, e.stored)
	}
	switch {
	case inc.rule == htrace.BadReference:
		// Any of the references of one value may stand for all.
		for _, e := range inc.wrong[1:] {
			t.Answers = append(t.Answers, m.answer(inc, e, inc.rule))
		}
	case inc.rule != htrace.StolenClose:
		// A later close by the same holders may have killed something, which
		// is worse than how the incident began.
		for _, e := range inc.wrong[1:] {
			if e.object == inc.root && e.killed != nil {
				t.Answers = append(t.Answers, m.answer(inc, e, htrace.StolenClose))
				break
			}
		}
	}
	if inc.rule == htrace.DoubleClose && t.Answers[0].FirstClose == None {
		t.Answers = append(t.Answers, m.answer(inc, inc.wrong[0], htrace.BadReference))
	}
	t.Undecidable = m.undecidable(inc)
	return t
}

func (m *machine) answer(inc *incident, e *entry, rule htrace.Rule) Answer {
	a := Answer{Rule: rule, Culprit: e.stored, FirstClose: None, Victim: None}
	if inc.root.closed != nil {
		a.FirstClose = inc.root.closed.stored
	}
	a.AnyFirstClose = a.FirstClose == None || m.sameBetween(inc.root, e)
	if e.killed != nil && e.killed.opened != nil {
		a.Victim = e.killed.opened.stored
	}
	return a
}

// leakTruth counts the lost objects whose open the trace holds and that are
// still open.
func (m *machine) leakTruth(l *leak) Truth {
	t := Truth{Fault: l.fault}
	for _, o := range l.lost {
		if o.opened.stored != None && o.closed == nil {
			t.Cascade = append(t.Cascade, o.opened.stored)
			t.Answers = append(t.Answers, Answer{Rule: htrace.Leak, Culprit: o.opened.stored, FirstClose: None, Victim: None})
		}
	}
	t.Count = len(t.Cascade)
	t.Undecidable = m.leakUndecidable(l)
	return t
}
