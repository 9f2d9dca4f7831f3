package htrace

// StolenCloseDetector finds closes that succeeded and killed somebody else's
// object:
//
//	OPEN 0x3c   by A
//	CLOSE 0x3c  by A            the close that was right
//	OPEN 0x3c   by B            the value is given out again
//	CLOSE 0x3c  by A            the culprit: A closes once more, and hits B
//	BADREF 0x3c by B            B finds its handle gone
//
// It is certain where Windows recorded the owner's failure and the closer's
// own earlier close is in the trace, likely where the place of the close, the
// threads and what happened next agree, and possible otherwise, as where
// nobody complains and the place of the close is new, unless that is caught at
// it elsewhere or much else speaks against it. It cannot see a theft between two objects that the same code opens and closes on the same
// thread, nor one whose earlier close the ring has lost, unless the owner
// fails and the closer's place is known to close other things.
type StolenCloseDetector struct{}

// Rule returns [StolenClose].
func (StolenCloseDetector) Rule() Rule { return StolenClose }

// Detect returns the findings of an analysis.
func (StolenCloseDetector) Detect(a *Analysis) []Finding { return a.findings(StolenClose) }

// findings returns the incidents of a rule as findings.
func (a *Analysis) findings(r Rule) []Finding {
	var list []Finding
	for _, in := range a.incidents {
		if in.rule == r {
			list = append(list, a.finding(in))
		}
	}
	return list
}

func (a *Analysis) finding(in *incident) Finding {
	f := Finding{
		Rule:       in.rule,
		Confidence: in.confidence,
		Value:      in.history.slot.value,
		Culprit:    a.trace.at(in.culprit),
		Where:      a.where(in.culprit),
		FirstClose: a.trace.at(in.first),
		Victim:     a.trace.at(in.victim),
		Related:    a.inOrder(in.related),
		Count:      1,
	}
	f.Message = a.explain(in)
	return f
}
