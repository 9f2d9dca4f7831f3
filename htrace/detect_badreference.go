package htrace

// BadReferenceDetector finds uses and closes of a value of which the trace has
// no close: garbage, a value older than the trace, or a number that is no
// handle at all. No more than possible, since the ring may have lost what
// came before.
type BadReferenceDetector struct{}

// Rule returns [BadReference].
func (BadReferenceDetector) Rule() Rule { return BadReference }

// Detect returns the findings of an analysis.
func (BadReferenceDetector) Detect(a *Analysis) []Finding {
	list := a.findings(BadReference)
	for i := range list {
		list[i].Count = 1 + len(list[i].Related)
	}
	return append(list, a.pseudoReferences()...)
}

// pseudoReferences finds bad references of the constants that stand for the
// current process or thread, INVALID_HANDLE_VALUE among them: one finding for
// each value.
func (a *Analysis) pseudoReferences() []Finding {
	byValue := make(map[uint64]*Finding)
	var order []uint64
	for i := range a.trace.Operations {
		op := &a.trace.Operations[i]
		if op.Kind != KindBadReference || !isPseudo(op.Handle) {
			continue
		}
		if f := byValue[op.Handle]; f != nil {
			f.Related = append(f.Related, op)
			f.Count++
			continue
		}
		byValue[op.Handle] = &Finding{Rule: BadReference, Confidence: Possible, Value: op.Handle, Culprit: op, Where: a.where(int32(i)), Count: 1,
			Message: a.explainBadReference(int32(i))}
		order = append(order, op.Handle)
	}
	var list []Finding
	for _, v := range order {
		list = append(list, *byValue[v])
	}
	return list
}
