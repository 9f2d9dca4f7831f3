package htrace

// TableMismatchDetector finds values on which the trace and the handle table of
// the dump disagree: open by the trace and not in the table, or closed by the
// trace and in the table. Handles come and go unrecorded (those inherited at
// the start, operations after tracing was switched off), so it is possible at
// the most; it tells that other verdicts rest on an incomplete trace. Each of
// the two is one finding, with the newest operation as its culprit.
type TableMismatchDetector struct{}

// Rule returns [TableMismatch].
func (TableMismatchDetector) Rule() Rule { return TableMismatch }

// Detect returns the findings of an analysis.
func (TableMismatchDetector) Detect(a *Analysis) []Finding {
	if len(a.trace.Table) == 0 {
		return nil
	}
	var missing, extra []int32
	for _, h := range a.histories {
		if h.slot.process != a.trace.ProcessID || len(h.lives) == 0 {
			continue
		}
		l := &h.lives[len(h.lives)-1]
		switch listed := a.listed(h); {
		case l.close == none && !listed:
			missing = append(missing, l.open)
		case l.close != none && listed:
			extra = append(extra, l.close)
		}
	}
	var list []Finding
	for _, m := range []struct {
		ops  []int32
		text string
	}{
		{missing, "open by the trace, but not in the handle table of the dump: their closes were not recorded"},
		{extra, "closed by the trace, but in the handle table of the dump: they were opened again without a record"},
	} {
		if len(m.ops) > 0 {
			list = append(list, a.mismatch(m.ops, m.text))
		}
	}
	return list
}

func (a *Analysis) mismatch(places []int32, text string) Finding {
	ops := a.inOrder(places)
	newest := ops[len(ops)-1]
	return Finding{
		Rule: TableMismatch, ID: identity(TableMismatch, text), Confidence: Possible, Value: newest.Value(), Count: len(ops),
		Culprit: newest, Related: ops[:len(ops)-1],
		Message: a.explainMismatch(len(ops), text),
	}
}
